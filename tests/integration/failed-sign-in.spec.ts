import { execFile } from 'node:child_process';
import { readdir, readFile, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from '@playwright/test';
import type { JSONReport } from '@playwright/test/reporter';
import { findLeaks } from '../../src/artifacts/find-leaks.js';
import { SecretValue } from '../../src/core/secret-value.js';
import { createRedactor } from '../../src/redaction/redactor.js';
import { runInProcess, testStoreKey } from '../support/command-line.js';
import { createConsultationsSite, type ConsultationsSite } from '../support/consultations/index.js';
import { resultsOf, type NestedProject, type NestedRun } from '../support/nested-run.js';
import {
  createSignedInProject,
  localCredentials,
  quickAccounts,
  whoAmITests,
} from '../support/signed-in-project.js';

const { admin, customer, newcomer } = quickAccounts;

test.describe.configure({ timeout: 300_000 });

const wrong = { ...quickAccounts, admin: { ...admin, password: 'a wrong password' } };

test.describe('one run', () => {
  let site: ConsultationsSite;
  let guarded: ConsultationsSite;
  let project: NestedProject;
  let run: NestedRun;

  test.beforeAll(async () => {
    test.setTimeout(300_000);
    site = await createConsultationsSite({ accounts: Object.values(quickAccounts) });
    guarded = await createConsultationsSite({ captcha: true });
    const session = (
      name: string,
      options: string,
    ) => `${name}: { flow: './${name}.ts', ${options} parameters: {
      username: 'op://automation/consultations-newcomer/username', password: 'op://automation/consultations-newcomer/password' } },`;
    project = await createSignedInProject({
      siteUrl: site.url,
      accounts: wrong,
      use: "trace: 'on',",
      options: "signInTrace: 'on-failure',",
      tests: {
        'admin.spec.ts': whoAmITests('admin', 3, { pages: 0 }),
        'customer.spec.ts': whoAmITests('customer', 1),
        'captcha.spec.ts': whoAmITests('captcha', 1),
        'unfinished.spec.ts': whoAmITests('unfinished', 2, { pages: 0 }),
        'throwing.spec.ts': whoAmITests('throwing', 1),
        'unreported.spec.ts': whoAmITests('unreported', 1),
        'misspelt.spec.ts': whoAmITests('admni', 2, { pages: 0 }),
      },
      files: {
        'captcha.ts': `import { defineAuthFlow } from '@auth';
          export default defineAuthFlow({ timeoutSeconds: 2, async create({ page, credentials }) {
            await page.goto('/sign-in');
            await page.evaluate(() => { document.body.append(Object.assign(document.createElement('button'), { textContent: 'I am a person' })); });
            await page.getByLabel('Email').fill(credentials.username);
          } });`,
        'unfinished.ts': `import { defineAuthFlow } from '@auth';
          export default defineAuthFlow({
            async create({ page }) { await page.goto('/sign-in'); },
            async check({ request }) { return (await request.get('/api/me')).ok(); },
          });`,
        'unreported.ts': `import { defineAuthFlow } from '@auth';
          export default defineAuthFlow({ async create({ page, credentials }) {
            page.setDefaultTimeout(2000);
            await page.goto('/sign-in');
            await page.getByLabel('Email').fill(credentials.username);
            await page.getByLabel('Password').fill(credentials.password);
            await page.getByRole('button', { name: 'Continue' }).click();
            await page.getByRole('button', { name: 'Sign out' }).waitFor();
          } });`,
        'throwing.ts': `import { defineAuthFlow } from '@auth';
          export default defineAuthFlow({ async create({ page, credentials }) {
            console.log('typing ' + credentials.password);
            page.setDefaultTimeout(500);
            await page.goto('/sign-in');
            await page.getByLabel('Password').fill(credentials.password);
            await page.getByLabel('No such field').fill(credentials.password);
          } });`,
      },
      moreSessions: `
        unreported: { flow: './unreported.ts', createAttempts: 1, parameters: {
          username: 'op://automation/consultations-newcomer/username',
          password: 'op://automation/consultations-admin/password' } },
        ${session('captcha', `baseURL: '${guarded.url}',`)}
        ${session('unfinished', 'createAttempts: 3, checkAttempts: 1,')}
        ${session('throwing', 'createAttempts: 1,')}`,
    });
    run = await project.run(['--workers=2', '--retries=1', '--reporter=list,json'], {
      env: { PLAYWRIGHT_JSON_OUTPUT_NAME: 'report.json', DEBUG: 'pw:api' },
    });
  });

  test.afterAll(async () => {
    await project.remove();
    await guarded.close();
    await site.close();
  });

  /** The lines of errors are wrapped. */
  const flat = () => run.output.replaceAll(/\s+/g, ' ');
  const summaryOf = async (name: string) =>
    (await project.summary()).sessions.find(({ session }) => session === name);

  test('sends a rejected password once, for all tests that wait and their retries', async () => {
    expect(run.exitCode).toBe(1);
    expect(resultsOf(run, 'admin.spec.ts')).toEqual({ passed: 0, failed: 6, skipped: 0 });
    expect(resultsOf(run, 'customer.spec.ts'), run.output).toEqual({ passed: 1, failed: 0, skipped: 0 });
    expect(run.output).toContain('Session "admin": the application rejected its credentials.\n');
    expect(run.output).toContain('[ERR_CREDENTIALS_REJECTED]');
    expect([site.attempts(admin.email), site.signIns(customer.email)]).toEqual([1, 1]);
    expect(await summaryOf('admin')).toMatchObject({
      outcome: 'failed',
      signIns: 1,
      errorCode: 'ERR_CREDENTIALS_REJECTED',
    });
  });

  test("the page of the run has the terminal's error: the application's words, the page, what to do", async () => {
    const page = await project.read('reports/output/auth-sessions.html');
    for (const text of ['the application rejected its credentials.', 'Wrong email or password', '/sign-in'])
      expect(page).toContain(text);
    expect(page).toContain('npx playwright-auth-sessions renew admin');
    expect(page).not.toContain('a wrong password');
  });

  test('a misspelt session is in the summary, with the declared one that is nearest', async () => {
    expect(run.output).toMatch(/^ {2}admni +failed ERR_SESSION_UNKNOWN/m);
    expect(run.output.match(/^ {2}There is no session "admni"\. Did you mean "admin"\?$/gm)).toHaveLength(1);
    expect(await project.read('reports/output/auth-sessions.html')).toContain(
      'Did you mean &#34;admin&#34;?',
    );
  });

  test('a locked account and a captcha say what the page showed, with a screenshot of it', async () => {
    expect(run.output).toContain('[ERR_SIGN_IN_TIMEOUT]');
    expect(run.output).toContain('Session "captcha": its flow did not end within 2 s.');
    expect(flat()).toMatch(
      /Time spent waiting for a code does not count\. The page was \S+\/sign-in \([^)]*\)\. The page has the button "I am a person"\./,
    );
    const { suites } = JSON.parse(await project.read('report.json')) as JSONReport;
    expect(JSON.stringify(suites.find(({ file }) => file === 'captcha.spec.ts'))).toContain('image/png');
  });

  test('a flow that ends without being signed in is an error, tried createAttempts times', async () => {
    expect(run.output).toMatch(
      /Session "unfinished": its flow ended without being signed in\.\s+The flow's check returned false right after it\./,
    );
    expect(run.output).toContain('[ERR_NOT_SIGNED_IN]');
    expect(await summaryOf('unfinished')).toMatchObject({ outcome: 'failed', signIns: 3 });
  });

  test('a flow that throws is reported with its line, and no file of the run has a value', async () => {
    expect(run.output).toContain('[ERR_SIGN_IN_FAILED]');
    expect(run.output).toContain('No such field');
    expect(run.output).toContain('throwing.ts:7');
    expect(flat()).toMatch(
      /No such field.*The page has the buttons? "Continue".* and the fields "Email", "Password"\./,
    );
    // Three sessions have the same values: one of them gives its name.
    expect(run.output).toMatch(/typing \[redacted:(captcha|unfinished|throwing)\.password\]/);
    await project.write({ 'output.txt': run.output, '.env.auth-sessions': '' });
    expect(await filesWith(project.folder, newcomer.password)).toEqual([]);
  });

  test('a refusal that the flow does not report is likely where the page still asks for a password', async () => {
    expect(flat()).toContain(
      'The page says "Wrong email or password". It still asks for a password. The application may have refused the ' +
        'credentials. Its password came from AUTOMATION__CONSULTATIONS_ADMIN__PASSWORD in .env.auth-sessions.',
    );
    expect(flat()).toContain('Let it throw CredentialsRejectedError when the page says so');
    const [steps = ''] = (await attachmentsOf('unreported', 'steps')).map(({ body = '' }) =>
      Buffer.from(body, 'base64').toString(),
    );
    const [first, ...others] = steps.split('\n');
    expect(first).toBe(
      "Failed  wait for getByRole('button', { name: 'Sign out' }): locator.waitFor: Timeout 2000ms exceeded.",
    );
    expect(others.filter((line) => line.startsWith('✗')).join()).toContain("{ name: 'Sign out' }");
  });

  test('tests that waited share one trace of the failed sign-in, which shows the steps and no value', async () => {
    const traces = await tracesOf('admin');
    const [trace = ''] = traces;
    // Tests that ask later get the error alone: it says that nothing was sent again.
    expect(new Set(traces).size).toBe(1);
    expect((await stat(trace)).mode & 0o777).toBe(0o600);
    const cli = createRequire(import.meta.url).resolve('@playwright/test/cli');
    const show = (...args: string[]) =>
      promisify(execFile)(process.execPath, [cli, 'trace', ...args], { cwd: project.folder });
    await show('open', trace);
    expect((await show('actions')).stdout).toContain('Fill "[redacted:admin.password]"');
    const redactor = createRedactor();
    redactor.add(new SecretValue(wrong.admin.password, 'password'));
    redactor.add(new SecretValue(newcomer.password, 'password of others'));
    const findings: unknown[] = [];
    for await (const one of findLeaks({ roots: [path.dirname(trace)], redactor })) findings.push(one);
    expect(findings).toEqual([]);
  });

  test('each failed attempt has a trace, and a sign-in that succeeds has none', async () => {
    const [trace = ''] = await tracesOf('admin');
    const names = await readdir(path.dirname(trace));
    const count = (name: string) => names.filter((one) => one.startsWith(`${name}-`)).length;
    expect({ unfinished: count('unfinished'), customer: count('customer') }).toEqual({
      unfinished: 3,
      customer: 0,
    });
    expect((await project.summary()).warnings ?? []).toEqual([]);
  });

  const tracesOf = async (session: string) =>
    (await attachmentsOf(session, 'trace')).map((one) => one.path ?? 'no path');

  async function attachmentsOf(session: string, what: string) {
    const { suites } = JSON.parse(await project.read('report.json')) as JSONReport;
    const results = suites
      .filter(({ file }) => file === `${session}.spec.ts`)
      .flatMap(({ specs }) => specs.flatMap(({ tests }) => tests.flatMap((one) => one.results)));
    const attachments = results.flatMap((one) => one.attachments);
    return attachments.filter(({ name }) => name === `sign-in of ${session}: ${what}`);
  }
});

test('no other session, run or command sends a rejected password again, until it changes or somebody asks for it', async () => {
  const parameters = `{ username: 'op://automation/consultations-admin/username',
    password: 'op://automation/consultations-admin/password',
    otp: 'op://automation/consultations-admin/one-time password?attribute=otp' }`;
  const site = await createConsultationsSite({ accounts: Object.values(quickAccounts) });
  const project = await createSignedInProject({
    siteUrl: site.url,
    tests: Object.fromEntries(
      ['admin', 'editor', 'auditor'].map((name) => [
        `${name}.spec.ts`,
        whoAmITests(name, 1, { pages: 0 }).replace(`toContain("${name}")`, 'toContain("admin")'),
      ]),
    ),
    config: 'workers: 3,',
    moreSessions: ['editor', 'auditor']
      .map((name) => `${name}: { flow: consultations, parameters: ${parameters} },`)
      .join('\n'),
  });
  await project.write({ '.env.auth-sessions': localCredentials(wrong) });

  const run = await project.run([], { env: { AUTH_SESSIONS_KEY: testStoreKey } });
  expect(run.output).toContain('3 failed');
  expect(site.attempts(admin.email)).toBe(1);
  expect(run.output).toContain('its credentials were rejected before, so nothing was sent');
  expect(await filesWith(path.join(project.folder, '.auth-sessions'), 'a wrong password')).toEqual([]);

  const create = await runInProcess(['create', 'editor'], { folder: project.folder });
  expect(create.stderr).toMatch(
    /"editor": its credentials were rejected before, so nothing was sent\. \[ERR_CREDENTIALS_REJECTED\]\n.*Wrong email or password\./,
  );
  expect(create.stderr).toContain('npx playwright-auth-sessions renew editor');
  expect(site.attempts(admin.email)).toBe(1);

  const renew = await runInProcess(['renew', 'editor', 'auditor'], { folder: project.folder });
  expect(renew.exitCode).toBe(1);
  expect(site.attempts(admin.email)).toBe(2);

  await project.write({ '.env.auth-sessions': localCredentials(quickAccounts) });
  const fixed = await project.run([], { env: { AUTH_SESSIONS_KEY: testStoreKey } });
  expect(fixed.output).toContain('3 passed');
  await project.remove();
  await site.close();
});

async function filesWith(folder: string, value: string): Promise<string[]> {
  const found: string[] = [];
  for (const name of await readdir(folder, { recursive: true })) {
    const file = path.join(folder, name);
    if (name.startsWith('node_modules') || !(await stat(file)).isFile()) continue;
    if ((await readFile(file)).includes(value)) found.push(name);
  }
  return found;
}
