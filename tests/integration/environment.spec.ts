import { expect, test } from '@playwright/test';
import { createConsultationsSite, type ConsultationsSite } from '../support/consultations/index.js';
import { runInProcess } from '../support/command-line.js';
import type { NestedProject } from '../support/nested-run.js';
import { createSignedInProject, quickAccounts, whoAmITests } from '../support/signed-in-project.js';

const { admin } = quickAccounts;
const tests = {
  'admin.spec.ts': whoAmITests('admin', 1, { pages: 0 }),
  'anybody.spec.ts': `import { test } from '@auth'; test('needs nobody', async ({ page }) => { await page.goto('/sign-in'); });`,
};

test.describe.configure({ mode: 'parallel', timeout: 300_000 });

let site: ConsultationsSite;
let project: NestedProject;

test.beforeEach(async () => {
  site = await createConsultationsSite({ accounts: Object.values(quickAccounts) });
});

test.afterEach(async () => {
  await project.remove();
  await site.close();
});

test('a run begins with where its credentials come from, and ends with a table of its sessions', async () => {
  project = await createSignedInProject({ siteUrl: site.url, tests });
  const { stdout } = await project.run();
  expect(stdout.split('\n')[0]).toBe(
    `Auth sessions: local test credentials in .env.auth-sessions (no vault credential is set) · 2 sessions, 6 ` +
      `references · files in .auth-sessions`,
  );
  expect(stdout).toMatch(
    /2 passed [^]*Auth sessions\n {2}session {2}outcome .*\n {2}admin {4}created .*\n {2}1 sign-in, 0 vault requests, 1 code\n/,
  );
});

test('on CI without a vault credential the run stops and says so', async () => {
  project = await createSignedInProject({ siteUrl: site.url, tests });
  const run = await project.run([], { env: { CI: 'true' } });
  expect(run.exitCode).toBe(1);
  expect(run.output).toContain(
    'The vault credential is missing. This is CI (CI is set), and OP_SERVICE_ACCOUNT_TOKEN is not set.',
  );
  expect(run.output).toContain('[ERR_ENVIRONMENT_MISSING]');
  expect(site.attempts(admin.email)).toBe(0);
});

test('on CI a project can choose the local credentials; a reporter for machines has standard output for itself', async () => {
  project = await createSignedInProject({ siteUrl: site.url, tests, options: "whenMissing: 'local'," });
  const { stdout, stderr } = await project.run(['--reporter=json'], { env: { CI: 'true' } });
  expect(JSON.parse(stdout)).toMatchObject({ stats: { expected: 2, unexpected: 0, skipped: 0 } });
  expect(stderr).toContain('Auth sessions: local test credentials');
  expect(stderr).toContain('1 sign-in, 0 vault requests, 1 code');
});

test('on CI a project can choose to skip the tests that need a session', async () => {
  project = await createSignedInProject({ siteUrl: site.url, tests, options: "whenMissing: 'skip'," });
  const { output } = await project.run([], { env: { CI: 'true' } });
  expect(output).toContain('1 skipped');
  expect(output).toContain('1 passed');
  expect(output).toContain('tests that need a session are skipped');
  expect(site.attempts(admin.email)).toBe(0);
});

test('a sign-in names the key of every local credential it misses', async () => {
  project = await createSignedInProject({ siteUrl: site.url, tests: {} });
  await project.write({ '.env.auth-sessions': '' });
  const { stderr } = await runInProcess(['create', 'admin'], { folder: project.folder });
  expect(stderr).toContain('AUTOMATION__CONSULTATIONS_ADMIN__USERNAME');
  expect(stderr).toContain('AUTOMATION__CONSULTATIONS_ADMIN__PASSWORD');
  expect(stderr).toContain('[ERR_LOCAL_CREDENTIAL_MISSING]');
});

test('reports a bad line of the local credentials file by its number, without its text', async () => {
  project = await createSignedInProject({ siteUrl: site.url, tests: {} });
  await project.write({
    '.env.auth-sessions': `${await project.read('.env.auth-sessions')}\nhunter2 is no assignment\n`,
  });
  const { stdout, stderr, exitCode } = await runInProcess(['create', 'admin'], { folder: project.folder });
  expect(exitCode).toBe(1);
  expect(stderr).toContain('line 10 is not KEY="value"');
  expect(stderr).toContain('[ERR_LOCAL_FILE_INVALID]');
  expect(stdout + stderr).not.toContain('hunter2');
});

test('reports the mistakes of a sessions file at once, before any test runs', async () => {
  project = await createSignedInProject({
    siteUrl: site.url,
    tests,
    options: 'enviroment: "local",',
    moreSessions: `
      one: { flow: './missing.ts', parameters: { username: 'op://a//b' } },
      two: { flow: consultations, parameters: { username: 'OP://a/b/c', password: 'hunter2' }, ttlSecond: 5 },`,
  });
  const first = await project.run();
  expect(first.exitCode).toBe(1);
  expect(first.output).toContain('There is no option "enviroment". Did you mean "environment"?');
  expect(first.output).toContain('There is no option "ttlSecond". Did you mean "ttlSeconds"?');
  expect(first.output).not.toContain('needs nobody');

  await project.write({
    'auth-sessions.ts': (await project.read('auth-sessions.ts'))
      .replace('enviroment: "local",', '')
      .replace(', ttlSecond: 5', ''),
  });
  const second = await runInProcess(['list'], { folder: project.folder });
  expect(second.exitCode).toBe(1);
  expect(second.stderr).toContain('missing.ts is not there');
  expect(second.stderr).toMatch(
    /Secret reference "op:\/\/a\/\/b" is malformed\. \[ERR_REFERENCE_INVALID\]\s+One of its parts is empty\./,
  );
  expect(second.stderr).toContain('Secret reference "OP://a/b/c" is malformed.');
  expect(second.stderr).toContain(
    'Session "two", parameter "password": A parameter is not a secret reference.',
  );
  expect(second.stdout + second.stderr).not.toContain('hunter2');
});

test('reports an unwritable store before anybody signs in', async () => {
  project = await createSignedInProject({
    siteUrl: site.url,
    tests: {},
    files: { '.auth-sessions': 'a file' },
  });
  const { stderr, exitCode } = await runInProcess(['create', 'admin'], { folder: project.folder });
  expect(exitCode).toBe(1);
  expect(stderr).toContain('[ERR_STORE_UNWRITABLE]');
  expect(site.attempts(admin.email)).toBe(0);
});

test('says what to install where the browser is missing', async () => {
  project = await createSignedInProject({ siteUrl: site.url, tests: {} });
  await project.write({
    'playwright.config.ts': (await project.read('playwright.config.ts')).replace(
      /"executablePath":"[^"]*"/,
      '"executablePath":"/nowhere/chromium"',
    ),
  });
  const { stderr } = await runInProcess(['create', 'admin'], { folder: project.folder });
  expect(stderr).toContain('The browser that signs in (chromium) did not start.');
  expect(stderr).toContain('[ERR_BROWSER_MISSING]');
});

test('says that a config is not wrapped', async () => {
  project = await createSignedInProject({
    siteUrl: site.url,
    tests: { 'admin.spec.ts': whoAmITests('admin', 1, { pages: 0 }) },
  });
  await project.write({ 'playwright.config.ts': `export default { testDir: './tests' };` });
  const { output } = await project.run();
  expect(output).toContain('This run has no broker.');
  expect(output).toContain('[ERR_CONFIG_NOT_WRAPPED]');
  expect(output).toContain('withAuthSessions');
});
