import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { createConsultationsSite, type ConsultationsSite } from '../support/consultations/index.js';
import type { NestedProject } from '../support/nested-run.js';
import { createSignedInProject, quickAccounts, whoAmITests } from '../support/signed-in-project.js';

test.describe.configure({ mode: 'serial', timeout: 300_000 });

const { admin } = quickAccounts;

let site: ConsultationsSite;
let project: NestedProject;

/** One run, looked at from two sides. */
test.beforeAll(async () => {
  test.setTimeout(180_000);
  site = await createConsultationsSite({ accounts: Object.values(quickAccounts) });
  project = await createSignedInProject({
    siteUrl: site.url,
    tests: {
      'admin.spec.ts': whoAmITests('admin', 2, { pages: 2 }),
      'broken.spec.ts': whoAmITests('broken', 2, { pages: 2 }),
      'two.spec.ts': `import { test } from '@auth';
        test('is both', async ({ authSessions }) => {
          await authSessions.newPage('admin');
          await authSessions.newPage('customer');
        });
        test('is nobody', () => {});`,
    },
    moreSessions: `broken: { flow: './flow.ts', createAttempts: 1, parameters: {
      username: 'op://automation/consultations-admin/username', password: 'op://automation/consultations-admin/password' } },`,
    files: { 'flow.ts': brokenFlow, 'allure.config.ts': allureConfig, 'merge.config.ts': mergeConfig },
  });
  const run = await project.run(['-c', 'allure.config.ts'], {
    env: { PLAYWRIGHT_JSON_OUTPUT_NAME: 'reports/output/report.json' },
  });
  expect(run.output).toContain('2 failed');
});

test.afterAll(async () => {
  await project.remove();
  await site.close();
});

test('results contain the session, how the test got it, and what failed; other reporters see none of it', async () => {
  const results = await readResults();
  const byName = (name: string) => results.filter((one) => one.name === name);
  expect(labelsOf(byName('is both'), 'authSession')).toEqual(['admin', 'customer']);
  expect(labelsOf(byName('is both'), 'authEnvironment')).toEqual(['local']);
  expect(labelsOf(byName('is nobody'), 'authSession')).toEqual([]);
  const [broken] = byName('is broken 1');
  expect(broken?.parameters).toContainEqual({
    ...{ name: 'auth session broken', value: 'failed: ERR_SIGN_IN_FAILED', excluded: true },
  });
  const outcomes = labelsOf([...byName('is admin 1'), ...byName('is admin 2')], 'authSessionOutcome');
  expect(outcomes.every((one) => ['created', 'memory'].includes(one))).toBe(true);

  const categories = JSON.parse(await read('categories.json')) as { name: string; messageRegex: string }[];
  const message = broken?.statusDetails?.message ?? '';
  expect(categories.find(({ messageRegex }) => new RegExp(`^${messageRegex}$`).test(message))?.name).toBe(
    'Sign-in failures',
  );
  expect(categories[0]?.name).toBe('Ours');
  const environment = await read('environment.properties');
  expect(environment).toContain('auth.environment=local');
  expect(environment).toContain('team=checkout');
  expect(JSON.parse(await read('executor.json'))).toEqual({ name: 'Local run', type: 'local' });

  const report = await project.read('reports/output/report.json');
  expect(report).not.toContain('vnd.allure');
  expect(report).toContain('"admin (memory)"');
  expect(report).toContain('"broken (failed: ERR_SIGN_IN_FAILED)"');
});

test('blob reports of shards are merged into Allure results with the sessions', async () => {
  const merged = await project.run(['-c', 'merge.config.ts', 'blob-report'], { command: 'merge-reports' });
  expect(merged.exitCode, merged.output).toBe(0);
  expect(merged.stderr).toMatch(/^\nAuth sessions\n/);
  const results = await readResults('merged-results');
  expect(results).toHaveLength(6);
  const both = results.filter((one) => one.name === 'is both');
  expect(labelsOf(both, 'authSession')).toEqual(['admin', 'customer']);
  expect(labelsOf(results, 'authSessionError')).toContain('ERR_SIGN_IN_FAILED');
});

test('the steps of a failed sign-in are attached once, to the first test that waited for it, without a value', async () => {
  const report = await project.read('reports/output/report.json');
  const bodies = [...report.matchAll(/"contentType": "text\/plain",\s+"body": "([^"]+)"/g)];
  const texts = bodies.map(([, body = '']) => Buffer.from(body, 'base64').toString());
  expect(texts).toHaveLength(1);
  expect(report).toContain('As in the first test that asked for it');
  const [text = ''] = texts;
  expect(text).toContain(`Page    ${site.url}/sign-in`);
  expect(text).toContain('goto /sign-in?…');
  // Two sessions have the same values: one of them gives its name.
  expect(text).toMatch(/fill getByLabel\('Email'\) \[redacted:(admin|broken)\.username\]/);
  expect(text).toMatch(/fill getByLabel\('Password'\) \[redacted:(admin|broken)\.password\]/);
  expect(text).toContain('evaluate');
  expect(text).toMatch(/click getByRole\('button', \{ name: 'No such button' \}\): locator\.click: Timeout/);
  expect(text).toMatch(/ {2}a script failed with \[redacted:(admin|broken)\.password\]/);
  expect(text).toContain('  thrown');
  expect(text).not.toContain(admin.password);
  expect(report.match(/"contentType": "image\/png"/g)).toHaveLength(1);
});

const brokenFlow = `import { defineAuthFlow } from '@auth';
  export default defineAuthFlow({ async create({ page, credentials }) {
    await page.goto('/sign-in?from=a%20link');
    await page.getByLabel('Email').fill(credentials.username);
    await page.getByLabel('Password').fill(credentials.password);
    await page.evaluate((password) => {
      console.error('a script failed with ' + password);
      setTimeout(() => { throw new Error('thrown'); });
    }, credentials.password);
    await page.getByRole('button', { name: 'No such button' }).click({ timeout: 300 });
  } });`;

const allureConfig = `import config from './playwright.config.js';
  import { withAuthSessions } from '@auth';
  export default { ...config, reporter: withAuthSessions('./auth-sessions.ts', { reporter: [['list'], ['json'], ['blob'], ['allure-playwright', {
    resultsDir: 'reports/output/allure-results', environmentInfo: { team: 'checkout' }, categories: [{ name: 'Ours', messageRegex: '^never$' }],
  }]] }).reporter };`;

const mergeConfig = `import { withAuthSessions } from '@auth';
  export default withAuthSessions('./auth-sessions.ts', { reporter: [['allure-playwright', { resultsDir: 'merged-results' }]] });`;

interface AllureResult {
  readonly name: string;
  readonly labels: readonly { readonly name: string; readonly value: string }[];
  readonly parameters: readonly object[];
  readonly statusDetails?: { readonly message?: string };
}

async function readResults(folder = 'reports/output/allure-results'): Promise<AllureResult[]> {
  const names = await readdir(path.join(project.folder, folder));
  const results = names.filter((name) => name.endsWith('-result.json'));
  return Promise.all(
    results.map(async (name) => JSON.parse(await project.read(path.join(folder, name))) as AllureResult),
  );
}

function read(name: string): Promise<string> {
  return project.read(`reports/output/allure-results/${name}`);
}

function labelsOf(results: readonly AllureResult[], name: string): string[] {
  return results.flatMap(({ labels }) => labels.filter((one) => one.name === name).map(({ value }) => value));
}
