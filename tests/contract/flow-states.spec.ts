import { chromium, expect, test } from '@playwright/test';
import { createFlowBrowsers, type FlowBrowsers } from '../../src/browser/flow-browser.js';
import { findBrowser } from '../../src/browser/find-browser.js';
import type { BrowserPlan } from '../../src/browser/browser-plan.js';
import type { AuthFlow } from '../../src/core/auth-flow.js';
import type { AuthSessionsError } from '../../src/core/errors.js';
import { partitionedCookies } from '../../src/core/partitioned-cookies.js';
import type { StorageState } from '../../src/core/storage-state.js';
import { createFlowRunner } from '../../src/flow/flow-runner.js';
import { createRedactor } from '../../src/redaction/redactor.js';
import { systemClock } from '../../src/time/system-clock.js';
import { createBindingSite, type BindingSite } from '../support/binding-site.js';
import { declareSession } from '../support/declared-session.js';
import { createPagesSite, type PagesSite } from '../support/pages-site.js';

let site: PagesSite;
let bound: BindingSite;
let browsers: FlowBrowsers;
let app: string;
let idp: string;
let blank: string;

test.beforeAll(async () => {
  site = await createPagesSite();
  bound = await createBindingSite();
  browsers = createFlowBrowsers();
  blank = site.page('<p>blank');
  app = site.origin('app');
  idp = site.origin('idp');
});

test.afterAll(async () => {
  await browsers.close();
  await site.close();
  await bound.close();
});

test('a check and a renewal keep the sessionStorage of origins that they do not visit', async () => {
  const from = stateWith({ [app]: 'tab of app', [idp]: 'tab of idp' });
  const flow: AuthFlow<string> = {
    create: async ({ page }) => void (await page.goto(app + blank)),
    check: async ({ page }) => {
      await page.goto(app + blank);
      return page.evaluate(() => sessionStorage.getItem('tab') === 'tab of app');
    },
  };
  const runner = runnerOf();
  const checked = await runner.check({ ...jobOf(flow), from });
  expect([checked.signedIn, tabsOf(checked.state)]).toEqual([true, tabsOf(from)]);
  expect(tabsOf(await runner.create({ ...jobOf(flow), ...signIn, from }))).toEqual(tabsOf(from));
});

test('a check that signs out of a tab does not bring back what the tab had', async () => {
  const flow: AuthFlow<string> = {
    create: () => Promise.resolve(),
    check: async ({ page }) => {
      await page.goto(app + blank);
      await page.evaluate(() => sessionStorage.clear());
      return false;
    },
  };
  const from = stateWith({ [app]: 'tab of app', [idp]: 'tab of idp' });
  const { state } = await runnerOf().check({ ...jobOf(flow), from });
  expect(tabsOf(state)).toEqual({ [idp]: 'tab of idp' });
});

for (const [kind, code, known, next] of [
  [
    'agent',
    'ERR_STATE_NOT_PORTABLE',
    "The sign-in sent the browser's user agent, and the check Playwright's.",
    /userAgent/,
  ],
  [
    'device',
    'ERR_SESSION_DEVICE_BOUND',
    'The application asked for a device-bound session (Secure-Session-Registration).',
    /device-bound sessions off/,
  ],
] as const)
  test(`a state that a check by request does not find signed in is not used: ${kind}`, async () => {
    const error = await runnerOf()
      .create({ ...jobOf(flowBoundTo(kind), bound.url), ...signIn })
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code, session: 'admin' });
    const { explanation } = error as AuthSessionsError;
    expect(explanation.failed).toBe('Session "admin": its state works only in the browser that signed in.');
    expect(explanation.known).toContain(
      "The flow's check passed there, and returned false in a fresh context with the state.",
    );
    expect(explanation.known).toContain(known);
    expect(explanation.next).toMatch(next);
  });

test('a state with keys that cannot leave IndexedDB is not used, and they are named', async () => {
  const flow: AuthFlow<string> = {
    create: async ({ page }) => {
      await page.goto('/sign-in/key');
      await page.getByText('Signed in').waitFor();
    },
    check: async ({ page }) => {
      await page.goto('/me/key');
      await page.getByText(/Signed (in|out)/).waitFor();
      return page.getByText('Signed in').isVisible();
    },
  };
  await expect(runnerOf().create({ ...jobOf(flow, bound.url), ...signIn })).rejects.toThrow(
    `IndexedDB has keys that cannot leave the browser (CryptoKey): accounts/keys of ${bound.url}.`,
  );
});

test('without a check, keys that cannot leave and a device-bound session are noted', async () => {
  const notes: string[] = [];
  const flow: AuthFlow<string> = {
    create: async ({ page }) => {
      await page.goto('/sign-in/device');
      await page.goto('/sign-in/key');
      await page.getByText('Signed in').waitFor();
    },
  };
  await runnerOf().create({
    ...jobOf(flow, bound.url),
    ...signIn,
    note: (text) => void notes.push(text),
  });
  expect(notes).toEqual([
    expect.stringContaining(`(CryptoKey): accounts/keys of ${bound.url}.`),
    expect.stringContaining('asked for a device-bound session'),
  ]);
});

test('a device-bound session is noted although it works now if its browser may bind it', async () => {
  const executablePath = findBrowser()?.executablePath;
  const remote = await chromium.launchServer(executablePath === undefined ? {} : { executablePath });
  const notes: string[] = [];
  let asked = 0;
  const flow: AuthFlow<string> = {
    create: async ({ page }) => {
      await page.goto('/sign-in/key');
      await page.getByText('Signed in').waitFor();
      await page.goto('/sign-in/device');
    },
    check: () => true,
  };
  const job = {
    ...jobOf(flow, bound.url),
    ...signIn,
    note: (text: string) => void notes.push(text),
    onBindingAsked: () => void (asked += 1),
  };
  await runnerOf().create(job);
  expect([notes, asked]).toEqual([[], 1]);
  await runnerOf({ connectOptions: { wsEndpoint: remote.wsEndpoint() } }).create(job);
  expect(notes).toEqual([
    'The application asked for a device-bound session (Secure-Session-Registration). Turn device-bound sessions off ' +
      'for test accounts. Or start the remote Chromium with --disable-features=DeviceBoundSessions.',
  ]);
  expect(asked).toBe(2);
  await remote.close();
});

test('partitioned cookies stay in their partitions over checks by request and in a page', async () => {
  const other = bound.url.replace('localhost', 'portal.localhost');
  const flow: AuthFlow<string> = {
    create: async ({ page }) => {
      await page.goto('/sign-in/partitioned');
      await page.goto(`${other}/around/sign-in/partitioned`);
    },
    check: async ({ request }) => (await request.get('/me/partitioned')).ok(),
  };
  const inPage: AuthFlow<string> = {
    ...flow,
    check: async ({ page }) => (await page.goto('/me/partitioned'))?.ok() ?? false,
  };
  const partitions = (state: StorageState) =>
    partitionedCookies(state).map(({ value, partitionKey }) => `${value} of ${partitionKey}`);
  const from = await runnerOf().create({ ...jobOf(flow, bound.url), ...signIn });
  const both = [/session-\d+ of http:\/\/portal.localhost$/, /session-\d+ of http:\/\/localhost$/];
  expect(partitions(from)).toEqual(both.map((one) => expect.stringMatching(one) as unknown));
  for (const one of [flow, inPage]) {
    const checked = await runnerOf().check({ ...jobOf(one, bound.url), from });
    expect([checked.signedIn, partitions(checked.state)]).toEqual([true, partitions(from)]);
  }
  bound.end(/\d+ of/.exec(partitions(from)[1] ?? '')?.[0].slice(0, -3) ?? '');
  for (const one of [flow, inPage])
    expect((await runnerOf().check({ ...jobOf(one, bound.url), from })).signedIn).toBe(false);
});

test('a session bound to its user agent passes a check by request with the same one', async () => {
  const contextOptions = { userAgent: 'one for all' };
  const { session, ...job } = jobOf(flowBoundTo('agent'), bound.url);
  const state = await runnerOf().create({ ...job, session: { ...session, contextOptions }, ...signIn });
  expect(state.playwright.cookies).toHaveLength(1);
});

test('the state of a session whose checks replace it is the one after the last check', async () => {
  let last = '';
  const flow: AuthFlow<string> = {
    create: async ({ page }) => void (await page.goto('/sign-in/agent')),
    check: async ({ request }) => {
      const { headers } = await request.get('/sign-in/agent').then((one) => ({ headers: one.headers() }));
      last = /session=([\w-]+)/.exec(headers['set-cookie'] ?? '')?.[1] ?? '';
      return true;
    },
  };
  const state = await runnerOf().create({ ...jobOf(flow, bound.url), ...signIn });
  expect(state.playwright.cookies.map(({ value }) => value)).toEqual([last]);
});

function flowBoundTo(kind: string): AuthFlow<string> {
  return {
    create: async ({ page }) => void (await page.goto(`/sign-in/${kind}`)),
    check: async ({ request }) => (await request.get(`/me/${kind}`)).ok(),
  };
}

const signIn = { values: {}, nextCode: () => Promise.resolve('123456') };

function jobOf(flow: AuthFlow<string>, baseURL = app) {
  return {
    session: declareSession({ flow, baseURL, checkAttempts: 1 }),
    place: { baseURL, project: undefined },
    signal: new AbortController().signal,
  };
}

function runnerOf(plan: Partial<BrowserPlan> = {}) {
  const executablePath = findBrowser()?.executablePath;
  return createFlowRunner({
    browsers,
    planFor: () => ({
      browserName: 'chromium',
      launchOptions: executablePath === undefined ? {} : { executablePath },
      connectOptions: undefined,
      contextOptions: {},
      pageSettings: {},
      ...plan,
    }),
    redactor: createRedactor(),
    clock: systemClock,
    debugging: false,
  });
}

function stateWith(tabs: Readonly<Record<string, string>>): StorageState {
  return {
    playwright: { cookies: [], origins: [] },
    sessionStorage: Object.entries(tabs).map(([origin, value]) => ({
      origin,
      items: [{ name: 'tab', value }],
    })),
  };
}

function tabsOf({ sessionStorage }: StorageState): Record<string, string | undefined> {
  return Object.fromEntries(sessionStorage.map(({ origin, items }) => [origin, items[0]?.value]));
}
