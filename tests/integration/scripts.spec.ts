import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { createAccountsSite, accountsFlow, type AccountsSite } from '../support/accounts-site.js';
import { createConsultationsSite, type ConsultationsSite } from '../support/consultations/index.js';
import { browserUse, createNestedProject, resultsOf, type NestedProject } from '../support/nested-run.js';
import { createSignedInProject, quickAccounts } from '../support/signed-in-project.js';
import { suiteConfig } from '../support/suite-config.js';
import { testKey } from '../support/test-key.js';

test.describe.configure({ mode: 'parallel', timeout: 300_000 });

const { admin, customer } = quickAccounts;
const env = { AUTH_SESSIONS_KEY: testKey('scripts') };

test.describe('in a suite of the consultations site', () => {
  let site: ConsultationsSite;
  let project: NestedProject;

  test.beforeEach(async () => {
    site = await createConsultationsSite({ accounts: Object.values(quickAccounts) });
    project = await createSignedInProject({
      siteUrl: site.url,
      tests: {
        'me.spec.ts': `import { expect, test } from '@auth';
          test.use({ authSession: 'admin' });
          test('is signed in', async ({ request }) => {
            expect((await (await request.get('/api/me')).json()).email).toContain('admin');
          });`,
      },
      files: {
        'global-setup.ts': `
          import { openAuthSessions } from 'playwright-auth-sessions/engine';
          export default async function () {
            await using sessions = await openAuthSessions();
            const api = await sessions.request('admin');
            console.log('seeded as', (await (await api.get('/api/me')).json()).email);
            console.log('with', JSON.stringify((await sessions.storageState('admin')).cookies));
          }`,
      },
      config: "globalSetup: './global-setup.ts',",
    });
  });

  test.afterEach(async () => {
    await project.remove();
    await site.close();
  });

  test('a script uses, checks, renews, lists and invalidates sessions, and its output is redacted', async () => {
    await project.write({
      'script.mjs': `
        import { openAuthSessions } from 'playwright-auth-sessions/engine';
        const sessions = await openAuthSessions();
        const say = (what, value) => console.log(what + ':', JSON.stringify(value));
        const cookieOf = (state) => state.cookies.map(({ value }) => value).join();
        say('not stored', await sessions.check('admin'));
        const api = await sessions.request('admin');
        say('request', (await (await api.get('/api/me')).json()).email);
        const context = await sessions.newContext('customer');
        const page = await context.newPage();
        await page.goto('/');
        say('page', await page.getByRole('button', { name: 'Sign out' }).isVisible());
        const first = await sessions.storageState('admin');
        say('state', first);
        say('check', await sessions.check('admin'));
        await sessions.renew('admin');
        const second = await sessions.storageState('admin');
        say('renewed', cookieOf(first) !== cookieOf(second));
        say('list', (await sessions.list()).map(({ name, state }) => [name, state]));
        await sessions.invalidate('admin');
        say('list', (await sessions.list()).map(({ name, state }) => [name, state]));
        say('token', process.env.OP_SERVICE_ACCOUNT_TOKEN ?? 'none');
        say('unknown', await sessions.storageState('admn').catch(({ code, message }) => [code, message]));
        await sessions.close();
        await context.newPage().then(() => say('context', 'open'), () => say('context', 'closed'));
        say('closed', await sessions.list().catch((error) => error.message));
        const again = await openAuthSessions();
        say('again', await again.check('customer'));
        await again.close();
        console.log('end');`,
    });
    const run = await project.start([], { script: 'script.mjs', env }).ended;
    expect(run.exitCode, run.output).toBe(0);
    const lines = run.stdout.trim().split('\n');
    expect(lines.map((line) => (line.startsWith('state:') ? 'state' : line))).toEqual([
      'not stored: {"state":"not stored","notes":[]}',
      'request: "[redacted:admin.username]"',
      'page: true',
      'state',
      'check: {"state":"signed in","by":"check","notes":[]}',
      'renewed: true',
      'list: [["admin","fresh"],["customer","fresh"]]',
      'list: [["admin","none"],["customer","fresh"]]',
      'token: "none"',
      expect.stringMatching(/^unknown: \["ERR_SESSION_UNKNOWN",".* Did you mean /),
      'context: "closed"',
      'closed: "These auth sessions are closed."',
      'again: {"state":"signed in","by":"check","notes":[]}',
      'end',
    ]);
    expect(lines[3]).toContain('[redacted:');
    expect([site.signIns(admin.email), site.signIns(customer.email)]).toEqual([2, 1]);
    const accesses = path.join(project.folder, 'reports/output/vault-access-of-scripts.jsonl');
    expect(existsSync(accesses)).toBe(true);
  });

  test('an uncaught error of a script shows no cookie, also after the sessions are closed', async () => {
    await project.write({
      'script.mjs': `
        import { openAuthSessions } from 'playwright-auth-sessions/engine';
        const sessions = await openAuthSessions();
        try {
          const api = await sessions.request('admin');
          await api.get('http://${new URL(site.url).hostname}:1/');
        } catch (error) {
          await sessions.close();
          console.log(error.message);
          throw error;
        }`,
    });
    const run = await project.start([], { script: 'script.mjs', env }).ended;
    expect(run.exitCode, run.output).toBe(1);
    expect(run.output.match(/cookie: .*\[redacted:/g)?.length).toBeGreaterThan(1);
    expect(run.output.match(/cookie: (?!.*\[redacted:).*/g)).toBeNull();
    expect(run.stderr).toContain('Uncaught ');
  });

  test('a globalSetup uses the broker of its run: one sign-in for it and the tests', async () => {
    const run = await project.run([], { env });
    expect(resultsOf(run, 'me.spec.ts'), run.output).toEqual({ passed: 1, failed: 0, skipped: 0 });
    expect(run.output).toContain('seeded as [redacted:admin.username]');
    expect(run.output).toMatch(/with .*\[redacted:admin/);
    expect(site.signIns(admin.email)).toBe(1);
  });

  test('Ctrl-C leaves neither files nor a broker', async () => {
    await project.write({
      'tmp/.keep': '',
      'script.mjs': `
        import { openAuthSessions } from 'playwright-auth-sessions/engine';
        const sessions = await openAuthSessions();
        await (await sessions.newContext('customer')).newPage();
        console.log('signed in');
        setInterval(() => undefined, 1000);`,
    });
    const temporary = path.join(project.folder, 'tmp');
    const run = project.start([], { script: 'script.mjs', env: { ...env, TMPDIR: temporary } });
    await run.waitFor(/signed in/);
    expect(await readdir(temporary)).not.toEqual(['.keep']);
    run.process.kill('SIGINT');
    await run.ended;
    await expect.poll(() => readdir(temporary), { timeout: 60_000 }).toEqual(['.keep']);
  });

  test('an aborted signal ends at once, and leaves no process', async () => {
    await project.write({
      'script.mjs': `
        import { openAuthSessions } from 'playwright-auth-sessions/engine';
        const abort = new AbortController();
        const sessions = await openAuthSessions({ signal: abort.signal });
        const pending = sessions.request('admin');
        abort.abort(new Error('enough'));
        console.log(await pending.catch((error) => error.message));
        console.log(await sessions.list().catch((error) => error.message));`,
    });
    const run = await project.start([], { script: 'script.mjs', env }).ended;
    expect([run.exitCode, run.stdout], run.output).toEqual([0, 'enough\nenough\n']);
  });
});

test('a script has one account of a pool, and writes an exclusive session back before it uses it again', async () => {
  const site: AccountsSite = await createAccountsSite();
  const project = await createNestedProject({
    'package.json': '{ "type": "module", "name": "scripts" }',
    'playwright.config.ts': suiteConfig(site.url),
    'flow.ts': accountsFlow,
    'auth-sessions.ts': `
      import { defineAuthSessions } from '@auth';
      import flow from './flow.js';
      export default defineAuthSessions({ sessions: {
        solo: { flow, exclusive: true, maxWaitSeconds: 2, parameters: { password: 'op://qa/solo/password' } },
        team: { flow, accounts: 2, parameters: { password: 'op://qa/team-\${account}/password' } },
      } });`,
    '.env.auth-sessions':
      'QA__SOLO__PASSWORD=password-of-solo\nQA__TEAM_1__PASSWORD=password-of-one\nQA__TEAM_2__PASSWORD=password-of-two',
    'script.mjs': `
      import { openAuthSessions } from 'playwright-auth-sessions/engine';
      const sessions = await openAuthSessions();
      for (const round of [1, 2, 3]) {
        const context = await sessions.newContext('solo');
        const page = await context.newPage();
        await page.goto('/busy');
        await page.getByRole('status').filter({ hasText: /^[2-9]$|..|refused/ }).waitFor();
        console.log(round, await page.getByRole('status').textContent() === 'refused');
        if (round === 3) console.log(await sessions.request('solo').catch(({ code }) => code));
        await context.close();
      }
      const { chromium } = await import('@playwright/test');
      const browser = await chromium.launch(${browserUse()});
      await sessions.newContext('solo', { browser });
      await browser.close();
      const lost = await openAuthSessions();
      console.log(await lost.request('solo').catch(({ code }) => code));
      await lost.close();
      const [one, two] = [await sessions.request('team'), await sessions.request('team')];
      console.log((await one.get('/work?by=one')).status(), (await two.get('/work?by=two')).status());
      await sessions.close();`,
  });
  try {
    const run = await project.start([], { script: 'script.mjs', env }).ended;
    expect([run.exitCode, run.stdout], run.output).toEqual([
      0,
      '1 false\n2 false\n3 false\nERR_SESSION_IN_USE\nERR_SESSION_IN_USE\n200 200\n',
    ]);
    expect(site.signIns.get('solo')).toBe(1);
    const accounts = site.work.filter(({ by }) => by !== 'page').map(({ account }) => account);
    expect([accounts.length, new Set(accounts).size]).toEqual([2, 1]);
  } finally {
    await project.remove();
    await site.close();
  }
});
