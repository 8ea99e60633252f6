import { readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { runCommand } from '../support/command-line.js';
import { createConsultationsSite, type ConsultationsSite } from '../support/consultations/index.js';
import { resultsOf, type NestedProject } from '../support/nested-run.js';
import {
  consultationsFlow,
  createSignedInProject,
  quickAccounts,
  whoAmITests,
} from '../support/signed-in-project.js';

const { admin, customer } = quickAccounts;

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

test('a suite signs each session in once, a second run not at all, and ended sessions are renewed once', async () => {
  project = await createSignedInProject({
    siteUrl: site.url,
    tests: {
      'admin.spec.ts': whoAmITests('admin', 3),
      'customer.spec.ts': whoAmITests('customer', 3),
      'cookie.spec.ts': `import { test } from '@auth'; import { writeFileSync } from 'node:fs';
        test('writes the value down', async ({ authSessions }, { project }) => {
          const [{ value }] = (await authSessions.storageState('admin')).cookies;
          writeFileSync('cookie-of-' + project.name + '.txt', value);
        });`,
      'choice.spec.ts': choices,
    },
    config: `projects: [
      { name: 'first', testIgnore: 'choice.spec.ts' }, { name: 'second', testIgnore: 'choice.spec.ts' },
      { name: 'as-customer', testMatch: 'choice.spec.ts', use: { authSession: 'customer' } },
    ],`,
  });

  await rm(path.join(project.folder, 'state'), { recursive: true, force: true });
  const cold = await project.run(['--workers=3']);
  expect(cold.output).toContain('19 passed');
  expect([site.signIns(admin.email), site.signIns(customer.email)]).toEqual([1, 1]);
  expect((await project.summary()).totals).toMatchObject({ signIns: 2, codes: 2 });
  await test.step('sessions are chosen per project, file and group, and merge with other fixtures', () => {
    expect(resultsOf(cold, 'choice.spec.ts')).toEqual({ passed: 5, failed: 0, skipped: 0 });
  });
  await test.step('the states are sealed: no cookie value is in any file of the store', async () => {
    const value = await project.read('cookie-of-first.txt');
    expect(value.length).toBeGreaterThan(20);
    const files = await readdir(`${project.folder}/.auth-sessions`, { recursive: true });
    const entries = files.filter((file) => file.endsWith('.jwe'));
    expect(entries).toHaveLength(2);
    for (const file of entries) {
      expect(await project.read(`.auth-sessions/${file}`)).not.toContain(value);
      expect((await stat(`${project.folder}/.auth-sessions/${file}`)).mode & 0o777).toBe(0o600);
    }
  });

  const warm = await project.run(['--workers=2', '--project=first', '--project=second']);
  expect(warm.output).toContain('14 passed');
  expect([site.signIns(admin.email), site.signIns(customer.email)]).toEqual([1, 1]);
  expect((await project.summary()).totals).toMatchObject({
    signIns: 0,
    vaultRequests: 0,
    codes: 0,
    handedOut: 14,
  });
  await test.step('compiled flows are cached for this user only', async () => {
    if (process.platform !== 'linux') return; // the cache is elsewhere, and Windows has no modes
    const kept = path.join(project.folder, 'state/auth-sessions');
    expect((await stat(kept)).mode & 0o777).toBe(0o700);
    expect((await readdir(path.join(kept, 'compiled'))).length).toBe(2);
  });

  site.endSessions();
  const renewed = await project.run(['admin.spec.ts', '--project=first', '--workers=3', '--repeat-each=2']);
  expect(renewed.output).toContain('6 passed');
  expect(site.signIns(admin.email)).toBe(2);
  const [session] = (await project.summary()).sessions;
  expect(session).toMatchObject({
    session: 'admin',
    outcome: 'renewed',
    renewed: 1,
    signIns: 1,
    handedOut: 6,
  });
});

test('two runs at once share one sign-in', async () => {
  project = await createSignedInProject({
    siteUrl: site.url,
    tests: { 'admin.spec.ts': whoAmITests('admin', 3, { pages: 0 }) },
  });
  const runs = await Promise.all([
    project.run(['--output=reports/output/one']),
    project.run(['--output=reports/output/two']),
  ]);
  expect(runs.map(({ exitCode }) => exitCode)).toEqual([0, 0]);
  expect(site.signIns(admin.email)).toBe(1);
});

test('an edited flow, other references and another base URL never use an old state', async () => {
  const flow = await consultationsFlow();
  project = await createSignedInProject({ siteUrl: site.url, tests: {}, files: { 'flow.ts': flow } });
  const sessions = (extra = '') => `
    import { defineAuthSessions } from '@auth';
    export default defineAuthSessions({ codes: { minRemainingSeconds: 1 }, sessions: { admin: { flow: './flow.ts', ${extra} parameters: {
      username: 'op://automation/consultations-admin/username', password: 'op://automation/consultations-admin/password',
      otp: 'op://automation/consultations-admin/one-time password?attribute=otp' } } } });`;
  // In a separate process: a module is loaded once.
  const create = () => runCommand(['create', 'admin'], { folder: project.folder });
  await project.write({ 'auth-sessions.ts': sessions() });
  expect(await create()).toMatchObject({ exitCode: 0 });
  expect(site.signIns(admin.email)).toBe(1);

  await project.write({ 'flow.ts': `${flow}\n// second edition` });
  expect(await create()).toMatchObject({ exitCode: 0 });
  expect(site.signIns(admin.email)).toBe(2);

  await project.write({ 'auth-sessions.ts': sessions(`baseURL: '${site.url}/',`) });
  expect(await create()).toMatchObject({ exitCode: 0 });
  expect(site.signIns(admin.email)).toBe(2);

  await project.write({
    'auth-sessions.ts': sessions(`baseURL: '${site.url.replace('127.0.0.1', 'localhost')}',`),
  });
  expect(await create()).toMatchObject({ exitCode: 0 });
  expect(site.signIns(admin.email)).toBe(3);
});

const choices = `
  import { test as base } from '@playwright/test';
  import { expect, mergeTests, test as signedIn } from '@auth';
  const test = mergeTests(signedIn, base.extend({ greeting: 'hello' }));
  const me = async (request) => (await request.get('/api/me')).status() === 200 ? (await (await request.get('/api/me')).json()).email : 'nobody';
  test('project', async ({ page, request, greeting }) => {
    expect(await me(page.request)).toContain('customer');
    expect(await me(request)).toContain('customer');
    expect(greeting).toBe('hello');
  });
  test.describe('group', () => {
    test.use({ authSession: 'admin' });
    test('admin', async ({ page, browser }) => {
      expect(await me(page.request)).toContain('admin');
      const other = await browser.newContext();
      expect(await me(other.request)).toContain('admin');
      await other.close();
    });
  });
  test.describe('nobody', () => {
    test.use({ authSession: null });
    test('nobody', async ({ page }) => { expect(await me(page.request)).toBe('nobody'); });
  });
  test.describe('nobody with a state', () => {
    test.use({ authSession: null, storageState: { cookies: [], origins: [] } });
    test('starts from it', async ({ page }) => { expect(await me(page.request)).toBe('nobody'); });
  });
  test('two roles in one test', async ({ authSessions, page }) => {
    const admin = await authSessions.newPage('admin');
    const customer = await authSessions.newPage('customer');
    await admin.goto('/admin');
    await expect(admin).toHaveURL(/admin$/);
    expect((await customer.goto('/admin')).status()).toBe(403);
    expect(await me(page.request)).toContain('customer');
    expect((await authSessions.storageState('admin')).cookies.length).toBeGreaterThan(0);
  });`;
