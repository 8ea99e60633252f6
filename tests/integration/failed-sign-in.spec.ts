import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { createConsultationsSite, type ConsultationsSite } from '../support/consultations/index.js';
import { runCommand } from '../support/command-line.js';
import type { NestedProject } from '../support/nested-run.js';
import {
  createSignedInProject,
  localCredentials,
  quickAccounts,
  whoAmITests,
} from '../support/signed-in-project.js';

const { admin, customer } = quickAccounts;

test.describe.configure({ timeout: 300_000 });

let site: ConsultationsSite;
let project: NestedProject;

test.beforeEach(async () => {
  site = await createConsultationsSite({ accounts: Object.values(quickAccounts) });
});

test.afterEach(async () => {
  await project.remove();
  await site.close();
});

test('a rejected password is tried once, whoever waits, and retries do not try it again', async () => {
  project = await createSignedInProject({
    siteUrl: site.url,
    tests: {
      'admin.spec.ts': whoAmITests('admin', 3, { pages: 0 }),
      'customer.spec.ts': whoAmITests('customer', 1),
    },
  });
  const wrong = { ...quickAccounts, admin: { ...admin, password: 'a wrong password' } };
  await project.write({ '.env.auth-sessions': localCredentials(wrong) });

  const run = await project.run(['--retries=1']);
  expect(run.exitCode).toBe(1);
  expect(run.output).toContain('3 failed');
  expect(run.output).toContain('1 passed');
  expect(run.output).toContain(
    'Session "admin": the application rejected its credentials. Wrong email or password.',
  );
  expect(run.output).toContain('[ERR_CREDENTIALS_REJECTED]');
  expect([site.attempts(admin.email), site.signIns(customer.email)]).toEqual([1, 1]);
  const [failed] = (await project.summary()).sessions.filter(({ session }) => session === 'admin');
  expect(failed).toMatchObject({ outcome: 'failed', signIns: 1, errorCode: 'ERR_CREDENTIALS_REJECTED' });
});

test('a rejected password belongs to the account: no other session, run or command sends it, until it is another one or somebody asks for it', async () => {
  const parameters = `{ username: 'op://automation/consultations-admin/username',
    password: 'op://automation/consultations-admin/password',
    otp: 'op://automation/consultations-admin/one-time password?attribute=otp' }`;
  project = await createSignedInProject({
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
  const wrong = { ...quickAccounts, admin: { ...admin, password: 'a wrong password' } };
  await project.write({ '.env.auth-sessions': localCredentials(wrong) });

  const run = await project.run();
  expect(run.output).toContain('3 failed');
  expect(site.attempts(admin.email)).toBe(1);
  expect(run.output).toContain('its credentials were rejected before, so nothing was sent');
  expect(await filesWith(path.join(project.folder, '.auth-sessions'), 'a wrong password')).toEqual([]);

  const create = await runCommand(['create', 'editor'], { folder: project.folder });
  expect(create.stderr).toMatch(
    /"editor": its credentials were rejected before, so nothing was sent\. \[ERR_CREDENTIALS_REJECTED\]\n.*Wrong email or password\./,
  );
  expect(create.stderr).toContain('npx playwright-auth-sessions renew editor');
  expect(site.attempts(admin.email)).toBe(1);

  const renew = await runCommand(['renew', 'editor', 'auditor'], { folder: project.folder });
  expect(renew.exitCode).toBe(1);
  expect(site.attempts(admin.email)).toBe(2);

  await project.write({ '.env.auth-sessions': localCredentials(quickAccounts) });
  const fixed = await project.run();
  expect(fixed.output).toContain('3 passed');
});

test('a locked account and a captcha say what the page showed, with a screenshot of it', async () => {
  site.setCaptcha(true);
  project = await createSignedInProject({
    siteUrl: site.url,
    tests: { 'admin.spec.ts': whoAmITests('admin', 1) },
    files: {
      'flow.ts': `import { defineAuthFlow } from '@auth';
        export default defineAuthFlow({ timeoutSeconds: 2, async create({ page, credentials }) {
          await page.goto('/sign-in');
          await page.getByLabel('Email').fill(credentials.username);
        } });`,
    },
    moreSessions: `admin: { flow: './flow.ts', parameters: {
      username: 'op://automation/consultations-admin/username', password: 'op://automation/consultations-admin/password' } },`,
  });
  const run = await project.run(['--reporter=list,json'], {
    env: { PLAYWRIGHT_JSON_OUTPUT_NAME: 'report.json' },
  });
  expect(run.exitCode).toBe(1);
  expect(run.output).toContain('[ERR_SIGN_IN_TIMEOUT]');
  expect(run.output).toContain('Session "admin": its flow did not end within 2 s.');
  expect(await project.read('report.json')).toContain('image/png');
});

test('a flow that ends without being signed in is an error, tried createAttempts times', async () => {
  project = await createSignedInProject({
    siteUrl: site.url,
    tests: { 'admin.spec.ts': whoAmITests('admin', 2, { pages: 0 }) },
    files: {
      'flow.ts': `import { defineAuthFlow } from '@auth';
        export default defineAuthFlow({
          async create({ page }) { await page.goto('/sign-in'); },
          async check({ request }) { return (await request.get('/api/me')).ok(); },
        });`,
    },
    moreSessions: `admin: { flow: './flow.ts', createAttempts: 3, checkAttempts: 1, parameters: {
      username: 'op://automation/consultations-admin/username', password: 'op://automation/consultations-admin/password' } },`,
  });
  const run = await project.run();
  expect(run.output).toContain(
    `Session "admin": its flow ended without being signed in. The flow's check returned false right after it.`,
  );
  expect(run.output).toContain('[ERR_NOT_SIGNED_IN]');
  const [session] = (await project.summary()).sessions;
  expect(session).toMatchObject({ outcome: 'failed', signIns: 3 });
});

test('a flow that throws is told with its line, and no value is in any file the run leaves', async () => {
  project = await createSignedInProject({
    siteUrl: site.url,
    tests: { 'admin.spec.ts': whoAmITests('admin', 1) },
    use: "trace: 'on',",
    files: {
      'flow.ts': `import { defineAuthFlow } from '@auth';
        export default defineAuthFlow({ async create({ page, credentials }) {
          console.log('typing ' + credentials.password);
          page.setDefaultTimeout(500);
          await page.goto('/sign-in');
          await page.getByLabel('Password').fill(credentials.password);
          await page.getByLabel('No such field').fill(credentials.password);
        } });`,
    },
    moreSessions: `admin: { flow: './flow.ts', createAttempts: 1, parameters: {
      username: 'op://automation/consultations-admin/username', password: 'op://automation/consultations-admin/password' } },`,
  });
  const run = await project.run([], { env: { DEBUG: 'pw:api' } });
  expect(run.output).toContain('[ERR_SIGN_IN_FAILED]');
  expect(run.output).toContain('No such field');
  expect(run.output).toContain('flow.ts:7');
  expect(run.output).toContain('typing [redacted:admin.password]');
  await project.write({ 'output.txt': run.output, '.env.auth-sessions': '' });
  expect(await filesWith(project.folder, admin.password)).toEqual([]);
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
