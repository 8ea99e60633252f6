import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from '@playwright/test';
import { captureState } from '../../src/broker/capture-state.js';
import { restoreSessionStorage } from '../../src/broker/restore-session-storage.js';
import { createConsultationsSite } from '../support/consultations/index.js';
import { browserUse } from '../support/nested-run.js';
import { createSignedInProject, quickAccounts, whoAmITests } from '../support/signed-in-project.js';

const { admin } = quickAccounts;

test.describe.configure({ timeout: 120_000 });

test.describe('sessionStorage', () => {
  let server: Server;
  let url: string;

  test.beforeEach(async () => {
    server = createServer((_, response) => response.end('<!doctype html>'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });

  test.afterEach(async () => {
    await new Promise((resolve) => server.close(resolve));
  });

  test('of two tabs of an origin is kept as one', async ({ context }) => {
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

  test('of an entry that is there twice stays away after a sign-out', async ({ context }) => {
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

  test('of a page that hangs is left out', async ({ context }) => {
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

test('a logger and other functions among the launch and context options stay in the tests', async () => {
  const site = await createConsultationsSite({ accounts: Object.values(quickAccounts) });
  const logger = `{ level: 'all', isEnabled: () => false, log() {} }`;
  const project = await createSignedInProject({
    siteUrl: site.url,
    tests: { 'admin.spec.ts': whoAmITests('admin', 1) },
    use: `launchOptions: { ...${browserUse()}, logger: ${logger} }, contextOptions: { locale: 'en-GB', logger: ${logger} },`,
  });
  const { output } = await project.run();
  await project.remove();
  await site.close();
  expect(output).toContain('1 passed');
});

test("one project's missing browser fails its own tests only", async () => {
  const site = await createConsultationsSite({ accounts: Object.values(quickAccounts) });
  const project = await createSignedInProject({
    siteUrl: site.url,
    tests: { 'admin.spec.ts': whoAmITests('admin', 1) },
    config: `projects: [
      { name: 'one', use: { browserName: 'firefox', launchOptions: { executablePath: '/nowhere/firefox' } } },
      { name: 'two' },
    ],`,
  });
  const { output } = await project.run(['--workers=1']);
  await project.remove();
  await site.close();
  expect(output).toContain('Session "admin": The browser that signs in (firefox) did not start.');
  expect(output).toContain('Run "npx playwright install firefox". [ERR_BROWSER_MISSING]');
  expect(output).toContain('1 failed');
  expect(output).toContain('1 passed');
  expect(site.signIns(admin.email)).toBe(1);
});
