import { readFile } from 'node:fs/promises';
import { expect, test, type BrowserContext, type Browser, type Frame, type Page } from '@playwright/test';
import { captureState } from '../../src/browser/capture-state.js';
import { planRestore } from '../../src/browser/plan-restore.js';
import type { Quietly } from '../../src/browser/quietly.js';
import { restoreStorage, type RestoredStorage } from '../../src/browser/restore-storage.js';
import type { StorageState } from '../../src/core/storage-state.js';
import { createPagesSite, type PagesSite } from '../support/pages-site.js';

let site: PagesSite;
let blank: string;
let app: string;
let idp: string;
let cdn: string;
let stranger: string;

test.beforeAll(async () => {
  site = await createPagesSite();
  blank = site.page('<script>window.first = [localStorage.token, sessionStorage.tab];</script>');
  app = site.origin('app');
  idp = site.origin('idp');
  cdn = site.origin('cdn');
  stranger = site.origin('stranger');
});

test.afterAll(() => site.close());

for (const restore of ['lazy', 'eager'] as const)
  test.describe(restore, () => {
    test('gives a page its storage before its first script, under a strict content security policy', async ({
      browser,
    }) => {
      const path = site.page(
        `<script nonce="a">window.first = [localStorage.token, sessionStorage.tab];</script>`,
        {
          'content-security-policy': `default-src 'none'; script-src 'nonce-a'; require-trusted-types-for 'script'`,
        },
      );
      const { context } = await signIn(browser, restore);
      const page = await context.newPage();
      for (const origin of [app, idp]) {
        await page.goto(origin + path);
        expect(await firstOf(page)).toEqual(itemsOf(origin));
      }
      await page.goto(stranger + path);
      expect(await firstOf(page)).toEqual([null, null]);
    });

    test('gives tabs that open at the same time the same storage', async ({ browser }) => {
      const { context } = await signIn(browser, restore);
      const pages = await Promise.all([1, 2, 3, 4].map(() => context.newPage()));
      await Promise.all(pages.map((page) => page.goto(app + blank)));
      for (const page of pages) expect(await firstOf(page)).toEqual(itemsOf(app));
      await signOut(pages[0]!);
      for (const page of pages) {
        await page.reload();
        expect((await firstOf(page))[0]).toBeNull();
      }
    });

    test('gives frames of each origin their storage, and shares it with blank and srcdoc frames', async ({
      browser,
    }) => {
      const read = `<script>window.first = [localStorage.token, sessionStorage.tab];</script>`;
      const path = site.page(
        `${read}<iframe src="about:blank"></iframe><iframe srcdoc="${read.replaceAll('"', '&quot;')}"></iframe>
         <iframe src="${app}${blank}"></iframe><iframe src="${idp}${blank}"></iframe>
         <iframe src="${stranger}${blank}"></iframe>`,
      );
      const { context } = await signIn(browser, restore);
      const page = await context.newPage();
      await page.goto(app + path);
      const [main, empty, srcdoc, own, other, strange] = page.frames() as [
        Frame,
        Frame,
        Frame,
        Frame,
        Frame,
        Frame,
      ];
      for (const frame of [main, srcdoc, own]) expect(await firstOf(frame)).toEqual(itemsOf(app));
      expect(await empty.evaluate(() => [localStorage.token, sessionStorage.tab] as unknown[])).toEqual(
        itemsOf(app),
      );
      expect(await firstOf(other)).toEqual(itemsOf(idp));
      expect(await firstOf(strange)).toEqual([null, null]);
      await signOut(other);
      await other.goto(idp + blank);
      expect(await firstOf(other)).toEqual([null, null]);
    });

    test('loads a page that opens windows before it is loaded, and gives them their storage', async ({
      browser,
    }) => {
      for (let round = 0; round < 5; round += 1) {
        const { context } = await signIn(browser, restore);
        const path = site.page(
          `<script>window.first = [localStorage.token, sessionStorage.tab];
            for (const to of ['', '${app}${blank}', '${idp}${blank}', '${stranger}${blank}', 'about:blank']) open(to);
          </script>`,
        );
        const page = await context.newPage();
        const opened: Page[] = [];
        context.on('page', (one) => opened.push(one));
        await page.goto(stranger + path);
        await expect.poll(() => opened.length).toBe(5);
        const token = async (origin: string) => {
          const found = () => opened.find((one) => one.url().startsWith(origin));
          await expect.poll(() => found() !== undefined).toBe(true);
          await found()?.waitForLoadState();
          return found()?.evaluate(() => (window as { first?: unknown[] }).first?.[0]);
        };
        expect([await token(app), await token(idp)]).toEqual([itemsOf(app)[0], itemsOf(idp)[0]]);
        await context.close();
      }
    });

    test('gives popups their storage, and none after a sign-out', async ({ browser }) => {
      const { context } = await signIn(browser, restore);
      const page = await context.newPage();
      await page.goto(app + blank);
      const own = await openPopup(page, app + blank);
      expect(await firstOf(own)).toEqual(itemsOf(app));
      const other = await openPopup(page, idp + blank);
      expect((await firstOf(other))[0]).toBe(itemsOf(idp)[0]);
      const apart = await openPopup(page, cdn + blank, 'noopener');
      expect((await firstOf(apart))[0]).toBe(itemsOf(cdn)[0]);
      for (const one of [page, other, apart]) await signOut(one);
      for (const [one, url] of [
        [page, idp],
        [page, cdn],
        [page, app],
        [other, idp],
        [other, app],
      ] as const) {
        const popup = await openPopup(one, url + blank);
        expect((await firstOf(popup))[0]).toBeNull();
        await popup.close();
      }
      expect(await firstOf(await openPopup(page, app + blank))).toEqual([null, null]);
    });

    test('keeps a page signed out that signs out in its first script and goes on at once', async ({
      browser,
    }) => {
      const leave = {
        assign: (to: string) => `location.href = ${JSON.stringify(to)}`,
        replace: (to: string) => `location.replace(${JSON.stringify(to)})`,
        reload: () => `if (!location.hash) { location.hash = 'again'; location.reload() }`,
        frame: (to: string) =>
          `document.write('<iframe src=' + ${JSON.stringify(JSON.stringify(to))} + '></iframe>')`,
      };
      for (const [name, go] of Object.entries(leave)) {
        const { context, hold } = await signIn(browser, restore);
        const page = await context.newPage();
        hold();
        const path = site.page(
          `<script>window.first = [localStorage.token, sessionStorage.tab];
             if (location.hash) throw new Error('reloaded');
             localStorage.clear(); sessionStorage.clear(); ${go(blank)}</script>`,
        );
        await page.goto(app + path).catch(() => undefined);
        const frame = () => page.frames().at(-1)!;
        await expect
          .poll(() => frame().url())
          .toMatch(name === 'reload' ? /#again$/ : new RegExp(`${blank}$`));
        await expect
          .poll(() => frame().evaluate(() => (window as { first?: unknown }).first ?? 'none'), name)
          .toEqual([undefined, undefined]);
        await context.close();
      }
    });

    test('keeps what a page changes in its first script', async ({ browser }) => {
      const path = site.page(
        `<script>localStorage.token = 'rotated'; localStorage.removeItem('other');
           sessionStorage.tab = 'changed'; location.replace('${blank}')</script>`,
      );
      const { context, hold } = await signIn(browser, restore);
      const [page, tab] = [await context.newPage(), await context.newPage()];
      hold();
      await page.goto(app + path).catch(() => undefined);
      await page.waitForURL(app + blank);
      expect(await firstOf(page)).toEqual(['rotated', 'changed']);
      expect(await page.evaluate(() => localStorage.other as unknown)).toBeUndefined();
      await tab.goto(app + blank);
      expect((await firstOf(tab))[0]).toBe('rotated');
      expect(await tab.evaluate(() => localStorage.other as unknown)).toBeUndefined();
    });

    test('keeps a tab signed out after a sign-out, a reload and visits of other origins', async ({
      browser,
    }) => {
      const { context } = await signIn(browser, restore);
      const page = await context.newPage();
      await page.goto(app + blank);
      await signOut(page);
      await page.reload();
      expect(await firstOf(page)).toEqual([null, null]);
      await page.goto(idp + blank);
      expect(await firstOf(page)).toEqual(itemsOf(idp));
      await page.goto(app + blank);
      expect(await firstOf(page)).toEqual([null, null]);
      await page.goBack();
      await page.goBack();
      expect(await page.evaluate(() => localStorage.length + sessionStorage.length)).toBe(0);
    });

    test('restores an origin after navigations that did not reach it', async ({ browser }) => {
      const download = site.page('a file', { 'content-disposition': 'attachment; filename=a.txt' });
      const empty = site.page('', {}, 204);
      const missing = site.page('', {}, 404);
      const { context } = await signIn(browser, restore);
      const page = await context.newPage();
      await page.route(app + blank, (route) => route.abort(), { times: 1 });
      await expect(page.goto(app + blank)).rejects.toThrow();
      await page.waitForURL('chrome-error://chromewebdata/');
      await page.goto(app + empty).catch(() => undefined);
      const started = page.waitForEvent('download');
      await page.goto(app + download).catch(() => undefined);
      await (await started).delete();
      await page.goto(app + missing).catch(() => undefined);
      await page.goto(app + blank);
      expect(await firstOf(page)).toEqual(itemsOf(app));
    });

    test('restores an origin after a sandboxed document of it', async ({ browser }) => {
      const sandboxed = site.page('<p>sandboxed', { 'content-security-policy': 'sandbox allow-scripts' });
      const framed = site.page(`<iframe sandbox="allow-scripts" src="${app}${blank}"></iframe>`);
      const { context } = await signIn(browser, restore);
      const page = await context.newPage();
      await page.goto(stranger + framed);
      await page.goto(app + sandboxed);
      await page.goto(app + blank);
      expect(await firstOf(page)).toEqual(itemsOf(app));
    });

    test('restores each origin of a redirect chain', async ({ browser }) => {
      const end = site.page(
        `<script>window.first = [localStorage.token, sessionStorage.tab]; window.done = true;</script>`,
      );
      const toIdp = site.page('', { location: `${idp}${end}` }, 302);
      const byScript = site.page(
        `<script>name += localStorage.token + ';'; location.replace('${app}${blank}');</script>`,
      );
      const { context } = await signIn(browser, restore);
      const page = await context.newPage();
      await page.goto(app + toIdp);
      expect(await firstOf(page)).toEqual(itemsOf(idp));
      await page.goto(cdn + byScript).catch(() => undefined);
      await page.waitForURL(app + blank);
      expect(await firstOf(page)).toEqual(itemsOf(app));
      await page.goto(cdn + blank);
      expect(await firstOf(page)).toEqual(itemsOf(cdn));
    });

    test('serves pages of a service worker like others', async ({ browser }) => {
      const worker = site.page(
        `self.addEventListener('install', () => self.skipWaiting());
         self.addEventListener('activate', (event) => event.waitUntil(clients.claim()));
         self.addEventListener('fetch', (event) => event.request.mode === 'navigate' && event.respondWith(new Response(
           '<script>window.first = [localStorage.token, sessionStorage.tab, "worker"]</script>',
           { headers: { 'content-type': 'text/html' } })));`,
        { 'content-type': 'text/javascript' },
      );
      const path = site.page(
        `<script>window.ready = navigator.serviceWorker.register('${worker}')
           .then(() => navigator.serviceWorker.ready).then(() => true)</script>`,
      );
      const { context } = await signIn(browser, restore);
      const page = await context.newPage();
      await page.goto(app + path);
      await page.evaluate(() => (window as { ready?: Promise<unknown> }).ready);
      const tab = await context.newPage();
      await tab.goto(app + blank);
      expect(await firstOf(tab)).toEqual([...itemsOf(app), 'worker']);
      await signOut(tab);
      await tab.reload();
      expect(await firstOf(tab)).toEqual([null, null, 'worker']);
    });

    test('does not restore an origin into a context whose state was replaced', async ({ browser }) => {
      const { context } = await signIn(browser, restore);
      const page = await context.newPage();
      await page.goto(app + blank);
      await context.setStorageState({ cookies: [], origins: [] });
      await page.goto(idp + blank);
      expect((await firstOf(page))[0]).toBeNull();
      expect((await context.storageState()).origins).toEqual([]);
    });

    test('has origins in its storage state that no page has visited', async ({ browser }, testInfo) => {
      const { context, restored } = await signIn(browser, restore);
      const everything = localStorageOf(signedIn().playwright);
      expect(localStorageOf(await context.storageState())).toEqual(everything);
      const page = await context.newPage();
      await page.goto(app + blank);
      await page.evaluate(() => localStorage.setItem('token', 'changed'));
      const changed = { ...everything, [app]: { ...everything[app], token: 'changed' } };
      const file = testInfo.outputPath('folder/state.json');
      for (const state of [
        await context.storageState(),
        await context.request.storageState(),
        await context.storageState({ path: file, indexedDB: true }),
        JSON.parse(await readFile(file, 'utf8')) as StorageState['playwright'],
        (await captureState(context)).playwright,
      ])
        expect(localStorageOf(state)).toEqual(changed);
      await page.evaluate(() => localStorage.clear());
      expect(localStorageOf(await context.storageState())).toEqual({ ...everything, [app]: undefined });
      const captured = await captureState(context, { restored });
      expect(captured.sessionStorage.map(({ origin }) => origin).sort()).toEqual([app, cdn, idp].sort());
      await signOut(page);
      expect(
        (await captureState(context, { restored })).sessionStorage.map(({ origin }) => origin).sort(),
      ).toEqual([cdn, idp].sort());
    });

    test('sends its cookies in requests before any page', async ({ browser }) => {
      const { context } = await signIn(browser, restore);
      // Node may not resolve the names of localhost.
      const url = app.replace('app.localhost', '127.0.0.1');
      await context.request.get(url + blank);
      expect(site.requests.at(-1)?.headers.cookie).toBe('session=signed-in');
    });

    test('leaves nothing that a page could see', async ({ browser }) => {
      const path = site.page(
        `<script>window.seen = [...Reflect.ownKeys(globalThis).map(String), ...Object.keys(localStorage),
           ...Object.keys(sessionStorage), ...Reflect.ownKeys(document).map(String), name, String(localStorage.setItem),
           ...performance.getEntries().map((entry) => entry.entryType + entry.name).filter((one) => !/paint/.test(one))]</script>`,
      );
      const seenBy = async (context: BrowserContext) => {
        const page = await context.newPage();
        await page.goto(app + path);
        const seen = await page.evaluate(() => (window as { seen?: string[] }).seen ?? []);
        const later = await page.evaluate(() => Reflect.ownKeys(globalThis).map(String));
        return [...seen, ...later].filter((one) => !['other', 'tab', 'token'].includes(one));
      };
      const plain = await seenBy(await browser.newContext());
      expect(plain.length).toBeGreaterThan(500);
      expect(await seenBy((await signIn(browser, restore)).context)).toEqual(plain);
    });

    test('gives nothing to a page of another origin that prepares windows', async ({ browser }) => {
      const path = site.page(hostilePage(blank, [app, idp]));
      for (const origin of [stranger, cdn]) {
        const { context } = await signIn(browser, restore);
        const page = await context.newPage();
        await page.goto(origin + path);
        const stolen = await page.evaluate(() =>
          (window as unknown as { attack(): Promise<string[]> }).attack(),
        );
        expect(stolen.filter((text) => text.includes(app) || text.includes(idp))).toEqual([]);
        await context.close();
      }
    });

    test('runs no script in a window that a page has prepared, whichever way it opens', async ({
      browser,
    }) => {
      const { context } = await signIn(browser, restore);
      await context.addInitScript(() => {
        const realm = self as { prepared?: string; heard?: string[] };
        if (realm.prepared !== undefined) realm.heard?.push(`script: ${realm.prepared}`);
      });
      const next = site.page(
        `<script>const by = opener ?? (parent === self ? null : parent);
          by?.heard.push('page: ' + self.prepared + ' ' + self.origin)</script>`,
      );
      const page = await context.newPage();
      await page.goto(stranger + site.page(preparingPage(next)));
      const heard = await page.evaluate(() =>
        (window as unknown as { prepareAll(): Promise<string[]> }).prepareAll(),
      );
      // A window keeps what was prepared if it opens with its address.
      expect(heard).toEqual([
        `page: undefined ${stranger}`,
        `page: undefined ${stranger}`,
        'page: popup with an address a false claim',
        `page: undefined ${stranger}`,
        'page: frame with an address a false claim',
      ]);
    });

    test('restores IndexedDB and files with the localStorage of their origin, and other origins as usual', async ({
      browser,
    }) => {
      const first = await signIn(browser, restore);
      const page = await first.context.newPage();
      await page.goto(app + blank);
      await page.evaluate(async () => {
        const folder = await navigator.storage.getDirectory();
        const file = await (await folder.getFileHandle('account', { create: true })).createWritable();
        await file.write('ada');
        await file.close();
      });
      await page.evaluate(
        () =>
          new Promise<void>((resolve, reject) => {
            const open = indexedDB.open('accounts', 1);
            open.onupgradeneeded = () => open.result.createObjectStore('users').put('ada', 'current');
            open.onsuccess = () => {
              open.result.close();
              resolve();
            };
            open.onerror = () => reject(new Error('no database'));
          }),
      );
      const state = await captureState(first.context, { restored: first.restored });
      const { context } = await signIn(browser, restore, state);
      const other = await context.newPage();
      await other.goto(app + blank);
      expect(await firstOf(other)).toEqual(itemsOf(app));
      expect(await other.evaluate(async () => (await indexedDB.databases()).map(({ name }) => name))).toEqual(
        ['accounts'],
      );
      const readFile = async () => {
        const folder = await navigator.storage.getDirectory();
        return (await (await folder.getFileHandle('account')).getFile()).text();
      };
      expect(await other.evaluate(readFile)).toBe('ada');
      // The other origins wait for their first page.
      expect(planRestore(state, { restore, browserName: 'chromium' }).playwright.origins).toHaveLength(
        restore === 'lazy' ? 1 : 3,
      );
      await other.goto(idp + blank);
      expect(await firstOf(other)).toEqual(itemsOf(idp));
    });
  });

interface SignedIn {
  readonly context: BrowserContext;
  readonly restored: RestoredStorage;
  /** From now on, no script is withdrawn. */
  readonly hold: () => void;
}

async function signIn(browser: Browser, restore: 'lazy' | 'eager', state = signedIn()): Promise<SignedIn> {
  const plan = planRestore(state, { restore, browserName: browser.browserType().name() });
  const context = await browser.newContext({ storageState: plan.playwright });
  let isHeld = false;
  const quietly: Quietly = (work) => (isHeld ? new Promise(() => undefined) : work());
  const restored = await restoreStorage(context, plan.storage, quietly);
  return { context, restored, hold: () => void (isHeld = true) };
}

/** Signed in at three origins. */
function signedIn(): StorageState {
  const origins = [app, idp, cdn];
  const cookie = { name: 'session', value: 'signed-in', domain: '127.0.0.1', path: '/', expires: -1 };
  return {
    playwright: {
      cookies: [{ ...cookie, httpOnly: true, secure: false, sameSite: 'Lax' }],
      origins: origins.map((origin) => ({
        origin,
        localStorage: [
          { name: 'token', value: `token of ${origin}` },
          { name: 'other', value: `other of ${origin}` },
        ],
      })),
    },
    sessionStorage: origins.map((origin) => ({
      origin,
      items: [{ name: 'tab', value: `tab of ${origin}` }],
    })),
  };
}

function localStorageOf({ origins }: StorageState['playwright']): Record<string, Record<string, string>> {
  const entries = (items: { name: string; value: string }[]) =>
    Object.fromEntries(items.map(({ name, value }) => [name, value]));
  return Object.fromEntries(origins.map((one) => [one.origin, entries(one.localStorage)]));
}

function itemsOf(origin: string): string[] {
  return [`token of ${origin}`, `tab of ${origin}`];
}

/** What the first script of a page read. */
async function firstOf(page: Page | Frame): Promise<unknown[]> {
  return page.evaluate(() =>
    ((window as { first?: unknown[] }).first ?? ['no script']).map((one) => one ?? null),
  );
}

async function signOut(page: Page | Frame): Promise<void> {
  await page.evaluate(() => {
    localStorage.clear();
    sessionStorage.clear();
  });
}

async function openPopup(page: Page, url: string, features = ''): Promise<Page> {
  const [popup] = await Promise.all([
    page.context().waitForEvent('page'),
    page.evaluate(([to, how]) => void window.open(to, '', how), [url, features]),
  ]);
  await popup.waitForURL(url);
  await popup.waitForLoadState();
  return popup;
}

/**
 * `attack()` opens frames and popups, replaces in them what a script could call, lets them claim to be of another
 * origin, and navigates them. Returns what it heard.
 */
function hostilePage(next: string, targets: readonly string[]): string {
  return `<body><script>
    const heard = [];
    const tell = (what) => { try { heard.push(String(what)); } catch {} };
    function prepare(realm, target) {
      const fakes = { origin: target, self: { origin: target }, location: { origin: target, protocol: 'https:' }, parent: null, opener: null };
      for (const [name, value] of Object.entries(fakes))
        try { Object.defineProperty(realm, name, { configurable: true, get: () => value, set() {} }); } catch {}
      try { realm.eval('let location = { origin: ' + JSON.stringify(target) + ' }'); } catch {}
      realm.Storage.prototype.setItem = function setItem(name, value) {
        tell(name + value);
        for (let caller = setItem.caller, depth = 0; caller && depth < 5; caller = caller.caller, depth += 1) {
          tell(caller);
          for (const argument of caller.arguments ?? []) tell(JSON.stringify(argument));
        }
      };
      realm.Storage.prototype.getItem = () => null;
      Object.defineProperty(realm.Storage.prototype, 'length', { get: () => 0 });
      for (const name of ['origin', 'items'])
        Object.defineProperty(realm.Object.prototype, name, { configurable: true, set(value) { tell(JSON.stringify(value)); } });
      realm.Error.prepareStackTrace = (_, sites) => sites.forEach((site) => tell(site.getFunction?.()));
      realm.onerror = (...all) => all.forEach(tell);
    }
    const loaded = (one) => new Promise((resolve) => { one.addEventListener('load', resolve); setTimeout(resolve, 100); });
    async function attack() {
      for (const target of ${JSON.stringify(targets)})
        for (const url of ['about:blank', '${next}', target + '${next}']) {
          const frame = document.body.appendChild(document.createElement('iframe'));
          prepare(frame.contentWindow, target);
          frame.src = url;
          await loaded(frame);
          const popup = open('about:blank');
          prepare(popup, target);
          popup.location.href = url;
          await loaded(popup);
        }
      for (const area of [localStorage, sessionStorage]) tell(JSON.stringify({ ...area }));
      return heard;
    }
  </script>`;
}

/** `prepareAll()` opens windows in each way, changes them at once, and lets them load a page. Returns what was heard. */
function preparingPage(next: string): string {
  return `<body><script>
    const heard = (window.heard = []);
    function prepare(realm, how) {
      Object.assign(realm, { prepared: how, heard });
      Object.defineProperty(realm, 'origin', { configurable: true, get: () => 'a false claim' });
    }
    const heardNext = async (act) => {
      const before = heard.length;
      act();
      while (heard.length === before) await new Promise((next) => setTimeout(next, 10));
    };
    function openPopup(first, then, how) {
      const popup = open(first);
      prepare(popup, how);
      if (then) popup.location.href = then;
    }
    function addFrame(first, then, how) {
      const frame = Object.assign(document.createElement('iframe'), first ? { src: first } : {});
      document.body.append(frame);
      prepare(frame.contentWindow, how);
      if (then) frame.src = then;
    }
    async function prepareAll() {
      await heardNext(() => openPopup('', '${next}', 'empty popup'));
      await heardNext(() => openPopup('about:blank', '${next}', 'blank popup'));
      await heardNext(() => openPopup('${next}', '', 'popup with an address'));
      await heardNext(() => addFrame('', '${next}', 'empty frame'));
      await heardNext(() => addFrame('${next}', '', 'frame with an address'));
      return heard;
    }
  </script>`;
}
