import path from 'node:path';
import { expect, test, type Cookie } from '@playwright/test';
import { findLeaks } from '../../src/artifacts/find-leaks.js';
import { SecretValue } from '../../src/core/secret-value.js';
import { createRedactor } from '../../src/redaction/redactor.js';
import { createConsultationsSite, type ConsultationsSite } from '../support/consultations/index.js';
import { resultsOf, type NestedProject, type NestedRun } from '../support/nested-run.js';
import {
  anotherAccount,
  createSignedInProject,
  quickAccounts,
  sessionOf,
} from '../support/signed-in-project.js';

const { admin, customer, newcomer } = quickAccounts;
const keeper = anotherAccount(customer, 'keeper');
const accounts = { ...quickAccounts, keeper };

test.describe.configure({ timeout: 300_000 });

let site: ConsultationsSite;
let project: NestedProject;
let run: NestedRun;

test.beforeAll(async () => {
  test.setTimeout(300_000);
  site = await createConsultationsSite({ accounts: Object.values(accounts), testControlKey: 'key' });
  project = await createSignedInProject({
    siteUrl: site.url,
    accounts,
    config: `retries: 1, workers: 1,
      reporter: [['list'], ['html', { open: 'never', outputFolder: 'reports/output/html' }]],`,
    moreSessions: `
      ${sessionOf('newcomer')}
      ${sessionOf('keeper', { options: 'renew: false,' })}`,
    tests: {
      'dead.spec.ts': `import { writeFileSync } from 'node:fs'; import { expect, test } from '@auth';
        test.use({ authSession: 'admin', trace: 'on' });
        test('loses its session', async ({ page, context }, testInfo) => {
          await page.goto('/');
          const cookies = await context.cookies();
          console.log(cookies, await context.storageState());
          writeFileSync('seen-' + testInfo.retry, JSON.stringify(cookies.filter(({ httpOnly }) => httpOnly)));
          if (testInfo.retry === 0) await page.request.post('/test-controls/end-sessions', {
            headers: { 'x-test-control-key': 'key' }, data: { email: '${admin.email}' } });
          const status = await page.evaluate(async () => (await fetch('/api/me')).status);
          expect(status).toBe(200);
        });`,
      'flaky.spec.ts': `import { expect, test } from '@auth';
        test.use({ authSession: 'customer' });
        test('fails once', async ({ page }, testInfo) => { await page.goto('/'); expect(testInfo.retry).toBe(1); });`,
      'sign-out.spec.ts': `import { expect, test } from '@auth';
        test.describe.configure({ mode: 'serial' });
        test('signs out', async ({ authSessions }) => {
          const page = await authSessions.newPage('newcomer');
          await page.goto('/');
          await page.getByRole('button', { name: 'Sign out' }).click();
          await expect(page.getByLabel('Password')).toBeVisible();
          await authSessions.invalidate('newcomer');
        });
        test('is signed in', async ({ authSessions }) => {
          const page = await authSessions.newPage('newcomer');
          await page.goto('/');
          await expect(page.getByRole('button', { name: 'Sign out' })).toBeVisible();
        });`,
      'keeper.spec.ts': `import { test } from '@auth';
        test.use({ authSession: 'keeper' });
        test('opens', async ({ page }) => { await page.goto('/'); });`,
    },
  });
  run = await project.run();
});

test.afterAll(async () => {
  await project.remove();
  await site.close();
});

test('a test that finds its session signed out is retried with a renewed one', async () => {
  expect(resultsOf(run, 'dead.spec.ts'), run.output).toEqual({ passed: 1, failed: 1, skipped: 0 });
  expect(run.output).toContain('2 flaky');
  expect(site.signIns(admin.email)).toBe(2);
  expect((await project.summary()).sessions.find(({ session }) => session === 'admin')).toMatchObject({
    created: 1,
    renewed: 1,
  });
});

test('a failed test says that its session had ended, before its own error, and one with a valid session does not say so', () => {
  const ended = run.output.match(/Session "admin" was signed out during this test\./g) ?? [];
  expect(ended.length, run.output).toBeGreaterThan(0);
  expect(run.output).toContain('expect(received).toBe(expected)');
  expect(run.output).not.toContain('Session "customer" was signed out');
});

test('a retry with a valid session does not sign in again', () => {
  expect(resultsOf(run, 'flaky.spec.ts'), run.output).toEqual({ passed: 1, failed: 1, skipped: 0 });
  expect(site.signIns(customer.email)).toBe(1);
});

test('no artifact contains the state from before or after a renewal', async () => {
  const redactor = createRedactor();
  for (const retry of [0, 1])
    for (const { name, value } of JSON.parse(await project.read(`seen-${retry}`)) as Cookie[])
      redactor.add(new SecretValue(value, `${name} ${retry}`));
  expect([...redactor.secrets()].length).toBeGreaterThan(1);
  expect(redactor.redact(run.output)).toBe(run.output);
  const found: unknown[] = [];
  for await (const find of findLeaks({ roots: [path.join(project.folder, 'reports')], redactor }))
    found.push(find);
  expect(found).toEqual([]);
});

test('a test that signs out says so, and the next one gets a new session', () => {
  expect(resultsOf(run, 'sign-out.spec.ts'), run.output).toEqual({ passed: 2, failed: 0, skipped: 0 });
  expect(site.signIns(newcomer.email)).toBe(2);
});

test('with renew: false, a signed-out session is an error, and no sign-in follows', async () => {
  expect(resultsOf(run, 'keeper.spec.ts'), run.output).toEqual({ passed: 1, failed: 0, skipped: 0 });
  site.endSessions(keeper.email);
  const { output } = await project.run(['keeper']);
  expect(output).toMatch(/Session "keeper" is no longer signed in\.\s+It is declared with renew: false\./);
  expect(output).toContain('[ERR_SESSION_EXPIRED]');
  expect(site.signIns(keeper.email)).toBe(1);
});
