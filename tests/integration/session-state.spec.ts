import { readdir } from 'node:fs/promises';
import { createServer, request } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { createConsultationsSite, type ConsultationsSite } from '../support/consultations/index.js';
import { resultsOf, type NestedProject, type NestedRun } from '../support/nested-run.js';
import {
  anotherAccount,
  createSignedInProject,
  quickAccounts,
  sessionOf,
  whoAmITests,
} from '../support/signed-in-project.js';

const { admin, newcomer } = quickAccounts;
const byHand = anotherAccount(quickAccounts.customer, 'byhand');
const pinned = anotherAccount(quickAccounts.customer, 'pinned');
const unpinned = anotherAccount(quickAccounts.customer, 'unpinned');
const accounts = { ...quickAccounts, byhand: byHand, pinned, unpinned };

test.describe.configure({ timeout: 300_000 });

const passed = (count: number) => ({ passed: count, failed: 0, skipped: 0 });

test.describe('one run', () => {
  let site: ConsultationsSite;
  let project: NestedProject;
  let proxy: Proxy;
  let run: NestedRun;

  test.beforeAll(async () => {
    test.setTimeout(300_000);
    site = await createConsultationsSite({ accounts: Object.values(accounts) });
    proxy = await startProxy();
    const { email, password, totp } = newcomer;
    const otp = `otpauth://totp/x?secret=${totp.secret}&algorithm=SHA256&period=${totp.periodSeconds}`;
    project = await createSignedInProject({
      siteUrl: site.url,
      accounts,
      use: `userAgent: 'the project', locale: 'en-GB', contrast: 'no-preference', forcedColors: 'none',
        reducedMotion: 'no-preference', screen: { width: 1920, height: 1080 }, serviceWorkers: 'allow',`,
      moreSessions: `
        guest: { type: 'runtime', flow: consultations },
        manual: { type: 'recorder' },
        ${sessionOf('byhand')}
        ${sessionOf('unpinned')}
        ${sessionOf('pinned', {
          options: `proxy: { server: '${proxy.url}', bypass: '<-loopback>' }, contextOptions: {
            userAgent: 'the session', locale: 'de-DE', contrast: 'more', forcedColors: 'active', reducedMotion: 'reduce',
            screen: { width: 390, height: 844 }, serviceWorkers: 'block',
          },`,
        })}`,
      tests: {
        'storage.spec.ts': `import { expect, test } from '@auth';
          test.use({ authSession: 'customer' });
          for (const number of [1, 2]) test('restores ' + number, async ({ page, browser, authSessions, storageState }) => {
            await page.addInitScript(() => { window.seen = [localStorage.getItem('consultations.api-token'), sessionStorage.getItem('consultations.tab')]; });
            await page.goto('/');
            await expect(page.getByText('Preferences restored')).toBeVisible();
            const [token, tab] = await page.evaluate(() => window.seen);
            expect(token.length).toBeGreaterThan(10);
            expect(tab).toBe('upcoming');
            const other = await authSessions.newPage('customer');
            // Restored when they are visited, before which the state has them, too.
            const has = (state) => state.origins.flatMap((one) => one.localStorage).some((item) => item.name === 'consultations.api-token');
            expect(Object.hasOwn(page.context(), 'storageState') && Object.hasOwn(other.context(), 'storageState')).toBe(true);
            expect(has(await other.context().storageState())).toBe(true);
            await other.goto('/');
            expect(await other.evaluate(() => sessionStorage.getItem('consultations.tab'))).toBe('upcoming');
            expect(await other.evaluate(() => localStorage.getItem('consultations.api-token'))).toBe(token);
            // Playwright restores what the test creates by itself.
            expect(has(storageState)).toBe(true);
            const bare = await browser.newContext();
            expect(Object.hasOwn(bare, 'storageState')).toBe(false);
            expect(has(await bare.storageState())).toBe(true);
            await bare.close();
          });
          test('an item that a test removes stays removed', async ({ page }) => {
            await page.goto('/sign-in/none');
            await page.evaluate(() => sessionStorage.clear());
            await page.goto('/sign-in/none');
            expect(await page.evaluate(() => sessionStorage.length)).toBe(0);
          });`,
        'pinned.spec.ts': `import { expect, test } from '@auth';
          test.use({ authSession: 'pinned' });
          const seenOn = (page) => page.evaluate(async () => [
            navigator.userAgent, navigator.language, screen.width,
            ...['(prefers-contrast: more)', '(forced-colors: active)', '(prefers-reduced-motion: reduce)'].map((query) => matchMedia(query).matches),
            // A blocked registration does nothing; another one misses its script.
            await navigator.serviceWorker.register('/none.js').then(() => 'blocked', () => 'allowed'),
          ]);
          test('is pinned', async ({ page, authSessions }) => {
            await page.goto('/');
            expect(await seenOn(page)).toEqual(['the session', 'de-DE', 390, true, true, true, 'blocked']);
            const unpinned = await authSessions.newPage('unpinned');
            await unpinned.goto('/');
            expect(await seenOn(unpinned)).toEqual(['the project', 'en-GB', 1920, false, false, false, 'allowed']);
          });
          test.describe(() => { test.use({ proxy: { server: 'http://127.0.0.1:1' } });
            test.fail('cannot be led past its proxy', async ({ page }) => { await page.goto('about:blank'); }); });
          test.describe(() => { test.use({ authSession: null });
            test('nobody is not', async ({ page }) => {
              await page.goto('/sign-in');
              expect(await page.evaluate(() => [navigator.userAgent, navigator.language])).toEqual(['the project', 'en-GB']);
            }); });`,
        'runtime.spec.ts': `import { expect, test } from '@auth';
          test.describe.configure({ mode: 'serial' });
          const guest = { name: 'guest', parameters: ${JSON.stringify({ username: email, password, otp })} };
          test.describe(() => { test.use({ authSession: guest });
            for (const number of [1, 2]) test('is newcomer ' + number, async ({ page }) => {
              await page.goto('/');
              expect((await (await page.request.get('/api/me')).json()).email).toBe(${JSON.stringify(email)});
            }); });
          test('needs parameters', async ({ authSessions }) => {
            await expect(authSessions.newPage('guest')).rejects.toThrow(/takes its parameters at run time/);
            await expect(authSessions.newPage({ ...guest, name: 'admin' })).rejects.toThrow(/takes no parameters at run time/);
          });`,
        'manual.spec.ts': `import { test } from '@auth';
          test.use({ authSession: 'manual' });
          test('opens', async ({ page }) => { await page.goto('/'); });`,
        'by-hand.spec.ts': `import { expect, test } from '@auth'; import { appendFileSync } from 'node:fs';
          for (const number of [1, 2, 3]) test('signs in by hand ' + number, async ({ page, credentials }) => {
            const account = await credentials('byhand');
            await page.goto('/sign-in');
            await page.getByLabel('Email').fill(account.username);
            await page.getByLabel('Password').fill(account.password);
            await page.getByRole('button', { name: 'Continue' }).click();
            const code = await account.totp();
            appendFileSync('codes.txt', code + '\\n');
            await page.getByLabel('One-time code').fill(code);
            await page.getByRole('button', { name: 'Verify' }).click();
            await expect(page.getByRole('button', { name: 'Sign out' })).toBeVisible();
          });`,
      },
    });
    run = await project.run(['--workers=3']);
  });

  test.afterAll(async () => {
    await project.remove();
    await proxy.close();
    await site.close();
  });

  test('localStorage and sessionStorage are restored before the first script of the page', () => {
    expect(resultsOf(run, 'storage.spec.ts'), run.output).toEqual(passed(3));
  });

  test("a session's context options and proxy apply to its sign-in and its tests", () => {
    // One of them is expected to fail, which the list marks so, and does.
    expect(resultsOf(run, 'pinned.spec.ts'), run.output).toEqual({ passed: 2, failed: 1, skipped: 0 });
    expect(run.output).toContain('12 passed');
    expect(proxy.agents.length).toBeGreaterThan(10);
    expect(proxy.tunnels()).toBeGreaterThan(0);
    expect(proxy.agents.filter((agent) => !agent.startsWith('the session de'))).toEqual([]);
  });

  test('a runtime session takes its parameters from the test and stores nothing', async () => {
    expect(resultsOf(run, 'runtime.spec.ts'), run.output).toEqual(passed(3));
    expect(site.signIns(newcomer.email)).toBe(1);
    const stored = await readdir(path.join(project.folder, '.auth-sessions'));
    const sessions = stored.filter((file) => file.endsWith('.jwe')).map((file) => file.split('-', 1)[0]);
    expect(sessions.sort()).toEqual(['customer', 'pinned', 'unpinned']);
  });

  test('a recorder session that was never recorded says how to record it', () => {
    expect(resultsOf(run, 'manual.spec.ts')).toEqual({ passed: 0, failed: 1, skipped: 0 });
    expect(run.output).toMatch(/Session "manual" needs a sign-in by hand\.\s+It has not been recorded yet\./);
    expect(run.output).toContain('[ERR_RECORDING_NEEDED]');
  });

  test('tests of the sign-in page get credentials and codes, and no code twice', async () => {
    expect(resultsOf(run, 'by-hand.spec.ts'), run.output).toEqual(passed(3));
    const codes = (await project.read('codes.txt')).trim().split('\n');
    expect(new Set(codes).size).toBe(3);
    expect(site.signIns(byHand.email)).toBe(3);
  });
});

test.describe('an application that replaces its cookie on every answer', () => {
  let lenient: ConsultationsSite;
  let strict: ConsultationsSite;
  let project: NestedProject;
  let run: NestedRun;

  test.beforeAll(async () => {
    test.setTimeout(300_000);
    const siteWith = (graceSeconds: number) =>
      createConsultationsSite({
        accounts: Object.values(quickAccounts),
        rotateSessionCookie: { graceSeconds },
      });
    [lenient, strict] = await Promise.all([siteWith(1), siteWith(0)]);
    project = await createSignedInProject({
      siteUrl: lenient.url,
      moreSessions: `
        ${sessionOf('checked', { account: 'admin', options: "writeBack: 'test', trustSeconds: 0," })}
        ${sessionOf('written', { account: 'customer', options: "writeBack: 'test'," })}
        ${sessionOf('unwritten', { account: 'newcomer', options: `baseURL: '${strict.url}',` })}`,
      tests: {
        'checked.spec.ts': whoAmITests('checked', 1, { account: 'admin' }),
        'written.spec.ts': whoAmITests('written', 4, { pages: 4, account: 'customer' }),
        'unwritten.spec.ts': whoAmITests('unwritten', 2, { pages: 2, account: 'newcomer' }),
      },
    });
    run = await project.run(['--workers=1']);
  });

  test.afterAll(async () => {
    await project.remove();
    await lenient.close();
    await strict.close();
  });

  test('keeps its session over checks', async () => {
    expect(resultsOf(run, 'checked.spec.ts'), run.output).toEqual(passed(1));
    for (let number = 2; number <= 3; number += 1)
      expect((await project.run(['checked'])).output).toContain('1 passed');
    expect(lenient.signIns(admin.email)).toBe(1);
  });

  test('has what a test leaves written back for the next one', () => {
    expect(resultsOf(run, 'written.spec.ts'), run.output).toEqual(passed(4));
    expect(lenient.signIns(quickAccounts.customer.email)).toBe(1);
  });

  test("with writeBack: 'check' alone, signs the second test out", () => {
    expect(resultsOf(run, 'unwritten.spec.ts'), run.output).toEqual({ passed: 1, failed: 1, skipped: 0 });
  });
});

interface Proxy {
  readonly url: string;
  /** User agent and language of each page request that went through it. */
  readonly agents: readonly string[];
  tunnels(): number;
  close(): Promise<void>;
}

async function startProxy(): Promise<Proxy> {
  const agents: string[] = [];
  let tunnels = 0;
  const proxy = createServer((incoming, answer) => {
    agents.push(`${incoming.headers['user-agent'] ?? ''} ${incoming.headers['accept-language'] ?? ''}`);
    const outgoing = request(
      incoming.url ?? '',
      { method: incoming.method, headers: incoming.headers },
      (response) => {
        answer.writeHead(response.statusCode ?? 502, response.headers);
        response.pipe(answer);
      },
    );
    outgoing.on('error', () => answer.destroy());
    incoming.pipe(outgoing);
  });
  // Playwright's API requests go through a tunnel.
  proxy.on('connect', ({ url = '' }, socket) => {
    const [host, port] = url.split(':');
    const target = connect(Number(port), host, () => socket.write('HTTP/1.1 200 OK\r\n\r\n'));
    tunnels += 1;
    target.pipe(socket).pipe(target);
    target.on('error', () => socket.destroy());
    socket.on('error', () => target.destroy());
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  const { port } = proxy.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    agents,
    tunnels: () => tunnels,
    close: () => {
      proxy.closeAllConnections();
      return new Promise((resolve) => proxy.close(() => resolve()));
    },
  };
}
