import { expect, test } from '@playwright/test';
import { createConsultationsSite, type ConsultationsSite } from '../support/consultations/index.js';
import type { NestedProject } from '../support/nested-run.js';
import { createSignedInProject, quickAccounts, whoAmITests } from '../support/signed-in-project.js';

const { admin } = quickAccounts;

test.describe.configure({ timeout: 300_000 });

let site: ConsultationsSite;
let project: NestedProject;

test.afterEach(async () => {
  await project.remove();
  await site.close();
});

test('localStorage and sessionStorage are restored before the first script of the page', async () => {
  site = await createConsultationsSite({ accounts: Object.values(quickAccounts) });
  project = await createSignedInProject({
    siteUrl: site.url,
    tests: {
      'storage.spec.ts': `import { expect, test } from '@auth';
        test.use({ authSession: 'customer' });
        for (const number of [1, 2]) test('restores ' + number, async ({ page, authSessions }) => {
          await page.addInitScript(() => { window.seen = [localStorage.getItem('consultations.api-token'), sessionStorage.getItem('consultations.tab')]; });
          await page.goto('/');
          await expect(page.getByText('Preferences restored')).toBeVisible();
          const [token, tab] = await page.evaluate(() => window.seen);
          expect(token.length).toBeGreaterThan(10);
          expect(tab).toBe('upcoming');
          const other = await authSessions.newPage('customer');
          await other.goto('/');
          expect(await other.evaluate(() => sessionStorage.getItem('consultations.tab'))).toBe('upcoming');
        });
        test('what a test removes stays removed', async ({ page }) => {
          await page.goto('/sign-in/none');
          await page.evaluate(() => sessionStorage.clear());
          await page.goto('/sign-in/none');
          expect(await page.evaluate(() => sessionStorage.length)).toBe(0);
        });`,
    },
  });
  expect((await project.run()).output).toContain('3 passed');
});

test('an application that replaces its cookie on every answer keeps its session over checks', async () => {
  site = await createConsultationsSite({
    accounts: Object.values(quickAccounts),
    rotateSessionCookie: { graceSeconds: 1 },
  });
  project = await createSignedInProject({
    siteUrl: site.url,
    tests: { 'one.spec.ts': whoAmITests('admin', 1) },
    sessionOptions: "writeBack: 'test', trustSeconds: 0,",
  });
  for (let run = 1; run <= 3; run += 1) expect((await project.run()).output).toContain('1 passed');
  expect(site.signIns(admin.email)).toBe(1);
});

test('what tests leave is written back for the next one', async () => {
  site = await createConsultationsSite({
    accounts: Object.values(quickAccounts),
    rotateSessionCookie: { graceSeconds: 1 },
  });
  project = await createSignedInProject({
    siteUrl: site.url,
    tests: { 'four.spec.ts': whoAmITests('admin', 4, { pages: 4 }) },
    sessionOptions: "writeBack: 'test',",
  });
  expect((await project.run(['--workers=1'])).output).toContain('4 passed');
  expect(site.signIns(admin.email)).toBe(1);
});

test("with writeBack: 'check' alone, such an application's second test is signed out", async () => {
  site = await createConsultationsSite({
    accounts: Object.values(quickAccounts),
    rotateSessionCookie: { graceSeconds: 0 },
  });
  project = await createSignedInProject({
    siteUrl: site.url,
    tests: { 'two.spec.ts': whoAmITests('admin', 2, { pages: 2 }) },
  });
  expect((await project.run(['--workers=1'])).output).toContain('1 failed');
});

test('context options and the proxy of a session hold in its sign-in and in its tests', async () => {
  site = await createConsultationsSite({ accounts: Object.values(quickAccounts) });
  const { createServer, request } = await import('node:http');
  const { connect } = await import('node:net');
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
  const { port } = proxy.address() as { port: number };
  project = await createSignedInProject({
    siteUrl: site.url,
    use: "userAgent: 'the project', locale: 'en-GB',",
    moreSessions: `plain: { flow: consultations, parameters: {
      username: 'op://automation/consultations-newcomer/username', password: 'op://automation/consultations-newcomer/password',
      otp: 'op://automation/consultations-newcomer/one-time password?attribute=otp' } },`,
    sessionOptions: `proxy: { server: 'http://127.0.0.1:${port}', bypass: '<-loopback>' }, contextOptions: { userAgent: 'the session', locale: 'de-DE' },`,
    tests: {
      'pinned.spec.ts': `import { expect, test } from '@auth';
        test.use({ authSession: 'admin' });
        test('is pinned', async ({ page, authSessions }) => {
          await page.goto('/');
          expect(await page.evaluate(() => [navigator.userAgent, navigator.language])).toEqual(['the session', 'de-DE']);
          const plain = await authSessions.newPage('plain');
          await plain.goto('/');
          expect(await plain.evaluate(() => [navigator.userAgent, navigator.language])).toEqual(['the project', 'en-GB']);
        });
        test.describe(() => { test.use({ proxy: { server: 'http://127.0.0.1:1' } });
          test.fail('cannot be led past its proxy', async ({ page }) => { await page.goto('about:blank'); }); });
        test.describe(() => { test.use({ authSession: null });
          test('nobody is not', async ({ page }) => {
            await page.goto('/sign-in');
            expect(await page.evaluate(() => [navigator.userAgent, navigator.language])).toEqual(['the project', 'en-GB']);
          }); });`,
    },
  });
  const run = await project.run();
  proxy.closeAllConnections();
  proxy.close();
  expect(run.output).toContain('3 passed');
  expect(agents.length).toBeGreaterThan(10);
  expect(tunnels).toBeGreaterThan(0);
  expect(agents.filter((agent) => !agent.startsWith('the session de'))).toEqual([]);
});

test('a runtime session takes its parameters from the test, and keeps nothing', async () => {
  site = await createConsultationsSite({ accounts: Object.values(quickAccounts) });
  const { email, password, totp } = quickAccounts.newcomer;
  const otp = `otpauth://totp/x?secret=${totp.secret}&algorithm=SHA256&period=${totp.periodSeconds}`;
  project = await createSignedInProject({
    siteUrl: site.url,
    moreSessions: "guest: { type: 'runtime', flow: consultations },",
    tests: {
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
    },
  });
  const run = await project.run();
  expect(run.output).toContain('3 passed');
  expect(site.signIns(email)).toBe(1);
  const { readdir } = await import('node:fs/promises');
  const stored = await readdir(`${project.folder}/.auth-sessions`);
  expect(stored.filter((file) => file.endsWith('.jwe'))).toEqual([]);
});

test('a recorder session that was never recorded says how to record it', async () => {
  site = await createConsultationsSite({ accounts: Object.values(quickAccounts) });
  project = await createSignedInProject({
    siteUrl: site.url,
    moreSessions: "manual: { type: 'recorder' },",
    tests: {
      'manual.spec.ts': `import { test } from '@auth';
        test.use({ authSession: 'manual' });
        test('opens', async ({ page }) => { await page.goto('/'); });`,
    },
  });
  const { output } = await project.run();
  expect(output).toContain('Session "manual" needs a sign-in by hand. It has not been recorded yet.');
  expect(output).toContain('[ERR_RECORDING_NEEDED]');
});

test('tests of the sign-in page have credentials and codes, and no code is handed out twice', async () => {
  site = await createConsultationsSite({ accounts: Object.values(quickAccounts) });
  project = await createSignedInProject({
    siteUrl: site.url,
    tests: {
      'page.spec.ts': `import { expect, test } from '@auth'; import { appendFileSync } from 'node:fs';
        for (const number of [1, 2, 3]) test('signs in by hand ' + number, async ({ page, credentials }) => {
          const customer = await credentials('customer');
          await page.goto('/sign-in');
          await page.getByLabel('Email').fill(customer.username);
          await page.getByLabel('Password').fill(customer.password);
          await page.getByRole('button', { name: 'Continue' }).click();
          const code = await customer.totp();
          appendFileSync('codes.txt', code + '\\n');
          await page.getByLabel('One-time code').fill(code);
          await page.getByRole('button', { name: 'Verify' }).click();
          await expect(page.getByRole('button', { name: 'Sign out' })).toBeVisible();
        });`,
    },
  });
  expect((await project.run(['--workers=3'])).output).toContain('3 passed');
  const codes = (await project.read('codes.txt')).trim().split('\n');
  expect(new Set(codes).size).toBe(3);
  expect(site.signIns(quickAccounts.customer.email)).toBe(3);
});
