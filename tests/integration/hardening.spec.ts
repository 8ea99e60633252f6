import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test, type BrowserContext } from '@playwright/test';
import { captureState } from '../../src/browser/capture-state.js';
import { restoreSessionStorage } from '../../src/browser/restore-session-storage.js';
import { createConsultationsSite } from '../support/consultations/index.js';
import { browserUse } from '../support/nested-run.js';
import { createSignedInProject, quickAccounts, whoAmITests } from '../support/signed-in-project.js';

const { admin } = quickAccounts;

test.describe.configure({ timeout: 300_000 });

test.describe('sessionStorage', () => {
  let server: Server;
  let widgets: Server;
  let url: string;

  test.beforeEach(async () => {
    server = createServer(answerWithFrame);
    widgets = createServer(answerWithFrame);
    await new Promise<void>((resolve) => widgets.listen(0, '127.0.0.1', resolve));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });

  test.afterEach(async () => {
    for (const one of [server, widgets]) {
      one.closeAllConnections();
      await new Promise((resolve) => one.close(resolve));
    }
  });

  test('sessionStorage of two tabs with one origin is merged', async ({ context }) => {
    for (const [token, own] of ['one', 'two'].entries()) {
      const page = await context.newPage();
      await page.goto(url);
      await page.evaluate(
        ([name, value]) => {
          sessionStorage.setItem('token', value);
          sessionStorage.setItem(name, 'own');
        },
        [own, String(token)] as const,
      );
    }
    const [kept, ...others] = (await captureState(context)).sessionStorage;
    expect(others).toEqual([]);
    expect(kept?.origin).toBe(url);
    expect(Object.fromEntries(kept?.items.map(({ name, value }) => [name, value]) ?? [])).toEqual({
      ...{ token: '1', one: 'own', two: 'own' },
    });
  });

  test('sessionStorage of a duplicate entry is not restored after a sign-out', async ({ context }) => {
    const entryOf = (value: string) => ({ origin: url, items: [{ name: 'token', value }] });
    await restoreSessionStorage(context, [entryOf('early'), entryOf('late')]);
    const page = await context.newPage();
    await page.goto(url);
    expect(await page.evaluate(() => sessionStorage.getItem('token'))).toBe('late');
    await page.evaluate(() => sessionStorage.clear());
    await page.goto(`${url}/signed-out`);
    await page.reload();
    expect(await page.evaluate(() => sessionStorage.length)).toBe(0);
  });

  test('sessionStorage of frames is kept and restored once, also for frames of other origins', async ({
    browser,
  }) => {
    const widget = `http://127.0.0.1:${(widgets.address() as AddressInfo).port}/widget`;
    const withFrame = async (context: BrowserContext) => {
      const page = await context.newPage();
      await page.goto(`${url}/frame?${encodeURIComponent(widget)}`);
      const frame = page.frames().find((one) => one.url() === widget);
      if (!frame) throw new Error('the frame did not load');
      return { page, frame };
    };
    const first = await browser.newContext();
    const { frame: widgetFrame } = await withFrame(first);
    await widgetFrame.evaluate(() => sessionStorage.setItem('widget', 'token'));
    const { sessionStorage: kept } = await captureState(first);
    expect(kept).toEqual([{ origin: new URL(widget).origin, items: [{ name: 'widget', value: 'token' }] }]);
    await first.close();

    const second = await browser.newContext();
    const errors: string[] = [];
    second.on('weberror', (error) => errors.push(error.error().message));
    await restoreSessionStorage(second, [
      ...kept,
      { ...kept[0]!, origin: new URL(widget.replace('127.0.0.1', 'localhost')).origin },
    ]);
    const { page, frame } = await withFrame(second);
    expect(await frame.evaluate(() => sessionStorage.getItem('widget'))).toBe('token');
    await frame.evaluate(() => sessionStorage.clear());
    await page.reload();
    const again = page.frames().find((one) => one.url() === widget);
    expect(await again?.evaluate(() => sessionStorage.length)).toBe(0);
    await page.goto(`${url}/sandboxed?${encodeURIComponent(widget)}`);
    // A browser may deny a foreign frame its storage.
    const foreign = widget.replace('127.0.0.1', 'localhost');
    await page.goto(`${url}/frame?${encodeURIComponent(foreign)}`);
    expect(errors).toEqual([]);
    await second.close();
  });

  test("a popup has its opener's sessionStorage, so that a sign-out is not undone", async ({ context }) => {
    await restoreSessionStorage(context, [{ origin: url, items: [{ name: 'token', value: 'x' }] }]);
    const page = await context.newPage();
    await page.goto(url);
    const open = async () => {
      const [popup] = await Promise.all([
        page.waitForEvent('popup'),
        page.evaluate((address) => void window.open(address), `${url}/popup`),
      ]);
      await popup.waitForLoadState();
      await popup.reload();
      return popup.evaluate(() => sessionStorage.getItem('token'));
    };
    expect(await open()).toBe('x');
    await page.evaluate(() => sessionStorage.clear());
    expect(await open()).toBeNull();
  });

  test('sessionStorage of an existing tab is restored with its next document', async ({ context }) => {
    const page = await context.newPage();
    await restoreSessionStorage(context, [{ origin: url, items: [{ name: 'token', value: 'x' }] }]);
    await page.goto(url);
    expect(await page.evaluate(() => sessionStorage.getItem('token'))).toBe('x');
  });

  test('sessionStorage of a hanging page is left out', async ({ context }) => {
    const [hung, other] = [await context.newPage(), await context.newPage()];
    for (const page of [hung, other]) await page.goto(url);
    await other.evaluate(() => sessionStorage.setItem('token', 'x'));
    await hung.evaluate(() => {
      setTimeout(() => {
        for (;;);
      });
    });
    const state = await captureState(context, { patienceMs: 2000 });
    expect(state.sessionStorage).toEqual([{ origin: url, items: [{ name: 'token', value: 'x' }] }]);
  });
});

test("one project's missing browser fails its own tests only; loggers and other functions among the options stay in the tests", async () => {
  const site = await createConsultationsSite({ accounts: Object.values(quickAccounts) });
  const logger = `{ level: 'all', isEnabled: () => false, log() {} }`;
  const project = await createSignedInProject({
    siteUrl: site.url,
    tests: { 'admin.spec.ts': whoAmITests('admin', 1) },
    config: `projects: [
      { name: 'one', use: { browserName: 'firefox', launchOptions: { executablePath: '/nowhere/firefox' } } },
      { name: 'two', use: {
        launchOptions: { ...${browserUse()}, logger: ${logger} }, contextOptions: { locale: 'en-GB', logger: ${logger} },
      } },
    ],`,
  });
  const { output } = await project.run(['--workers=1']);
  await project.remove();
  await site.close();
  expect(output).toContain('Session "admin": The browser that signs in (firefox) did not start.');
  expect(output).toContain('Run "npx playwright install firefox". [ERR_BROWSER_MISSING]');
  expect(output).toMatch(/✓.*\[two\].*is admin 1/);
  expect(output).toContain('1 failed');
  expect(output).toContain('1 passed');
  expect(site.signIns(admin.email)).toBe(1);
});

/** A page with what its query names in a frame. */
function answerWithFrame({ url = '' }: IncomingMessage, response: ServerResponse): void {
  const [page, address = ''] = url.split('?');
  const sandbox = page === '/sandboxed' ? ' sandbox="allow-scripts"' : '';
  const frame = address && `<iframe src="${decodeURIComponent(address)}"${sandbox}></iframe>`;
  response.writeHead(200, { 'content-type': 'text/html' }).end(`<!doctype html>${frame}`);
}
