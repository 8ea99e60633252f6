import path from 'node:path';
import { expect, test, type Cookie } from '@playwright/test';
import { findLeaks } from '../../src/artifacts/find-leaks.js';
import { createRedactor } from '../../src/redaction/redactor.js';
import { SecretValue } from '../../src/core/secret-value.js';
import { createConsultationsSite, type ConsultationsSite } from '../support/consultations/index.js';
import type { NestedProject } from '../support/nested-run.js';
import { createSignedInProject, quickAccounts } from '../support/signed-in-project.js';

const { admin } = quickAccounts;

test.describe.configure({ timeout: 300_000 });

let site: ConsultationsSite;
let project: NestedProject;

test.beforeEach(async () => {
  site = await createConsultationsSite({ accounts: Object.values(quickAccounts), testControlKey: 'key' });
});

test.afterEach(async () => {
  await project.remove();
  await site.close();
});

const endSessions = `await page.request.post('/test-controls/end-sessions', { headers: { 'x-test-control-key': 'key' }, data: {} });`;

test('a test that finds its session dead is retried with a renewed one', async () => {
  project = await createSignedInProject({
    siteUrl: site.url,
    tests: {
      'dead.spec.ts': `import { expect, test } from '@auth';
        test.use({ authSession: 'admin' });
        test('loses its session', async ({ page }, testInfo) => {
          await page.goto('/');
          if (testInfo.retry === 0) ${endSessions}
          const status = await page.evaluate(async () => (await fetch('/api/me')).status);
          expect(status).toBe(200);
        });`,
    },
  });
  const run = await project.run(['--retries=1', '--workers=1']);
  expect(run.output).toContain('1 flaky');
  expect(site.signIns(admin.email)).toBe(2);
  expect((await project.summary()).sessions[0]).toMatchObject({ created: 1, renewed: 1 });
});

test('without a dead session, a retry signs nobody in again', async () => {
  project = await createSignedInProject({
    siteUrl: site.url,
    tests: {
      'flaky.spec.ts': `import { expect, test } from '@auth';
        test.use({ authSession: 'admin' });
        test('fails once', async ({ page }, testInfo) => { await page.goto('/'); expect(testInfo.retry).toBe(1); });`,
    },
  });
  expect((await project.run(['--retries=1'])).output).toContain('1 flaky');
  expect(site.signIns(admin.email)).toBe(1);
});

test('what was signed in before and after a renewal is in no artifact', async () => {
  project = await createSignedInProject({
    siteUrl: site.url,
    use: "trace: 'on',",
    config: "reporter: [['list'], ['html', { open: 'never', outputFolder: 'reports/output/html' }]],",
    tests: {
      'dead.spec.ts': `import { writeFileSync } from 'node:fs'; import { expect, test } from '@auth';
        test.use({ authSession: 'admin' });
        test('loses its session', async ({ page, context }, testInfo) => {
          await page.goto('/');
          const cookies = await context.cookies();
          console.log(cookies, await context.storageState());
          writeFileSync('seen-' + testInfo.retry, JSON.stringify(cookies.filter(({ httpOnly }) => httpOnly)));
          if (testInfo.retry === 0) ${endSessions}
          const status = await page.evaluate(async () => (await fetch('/api/me')).status);
          expect(status).toBe(200);
        });`,
    },
  });
  const run = await project.run(['--retries=1', '--workers=1']);
  expect(run.output).toContain('1 flaky');
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

test('a test that signs out says so, and the next one gets a new session', async () => {
  project = await createSignedInProject({
    siteUrl: site.url,
    tests: {
      'sign-out.spec.ts': `import { expect, test } from '@auth';
        test.describe.configure({ mode: 'serial' });
        test('signs out', async ({ authSessions }) => {
          const page = await authSessions.newPage('admin');
          await page.goto('/');
          await page.getByRole('button', { name: 'Sign out' }).click();
          await expect(page.getByLabel('Password')).toBeVisible();
          await authSessions.invalidate('admin');
        });
        test('is signed in', async ({ authSessions }) => {
          const page = await authSessions.newPage('admin');
          await page.goto('/');
          await expect(page.getByRole('button', { name: 'Sign out' })).toBeVisible();
        });`,
    },
  });
  expect((await project.run()).output).toContain('2 passed');
  expect(site.signIns(admin.email)).toBe(2);
});

test('with renew: false, a dead session is an error, and nobody is signed in', async () => {
  project = await createSignedInProject({
    siteUrl: site.url,
    sessionOptions: 'renew: false,',
    tests: {
      'own.spec.ts': `import { test } from '@auth';
        test.use({ authSession: 'admin' });
        test('opens', async ({ page }) => { await page.goto('/'); });`,
    },
  });
  await project.run();
  site.endSessions();
  const run = await project.run();
  expect(run.output).toContain('Session "admin" is no longer signed in. It is declared with renew: false.');
  expect(run.output).toContain('[ERR_SESSION_EXPIRED]');
  expect(site.signIns(admin.email)).toBe(1);
});
