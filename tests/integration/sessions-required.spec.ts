import { expect, test } from '@playwright/test';
import { createNestedProject, type NestedProject, type NestedRun } from '../support/nested-run.js';

test.describe.configure({ timeout: 300_000 });

const files = {
  'auth-sessions.ts': `import { defineAuthSessions } from '@auth';
    export default defineAuthSessions({ environment: 'local', sessions: {
      admin: { parameters: { username: 'op://a/b/c' }, flow: { create: () => { throw new Error('nobody signs in here'); } } },
    } });`,
  'playwright.config.ts': `
    import { defineConfig } from '@playwright/test';
    import { withAuthSessions } from '@auth';
    export default defineConfig(withAuthSessions('./auth-sessions.ts', {
      testDir: './tests', workers: 1, reporter: [['list']],
      projects: [
        { name: 'none' },
        { name: 'admin', testMatch: /none.spec/, use: { authSession: 'admin' } },
        { name: 'plain', testMatch: /plain.spec/, use: { authSession: null } },
      ],
    }, { requireAuthSession: true }));`,
  'tests/none.spec.ts': `import { test } from '@auth';
    test('names none', () => {});
    test.skip('names none and is skipped', () => {});
    test.describe(() => {
      test.use({ authSession: 'admin' });
      test('names one in its group', () => {});
      test.describe(() => {
        test.use({ authSession: undefined });
        test('names none again', () => {});
      });
    });`,
  'tests/named.spec.ts': `import { test } from '@auth';
    test.use({ authSession: null });
    test('starts signed out', () => {});
    const own = test.extend({ authSession: async ({}, use) => use(null) });
    own('computes it', () => {});
    const fixed = test.extend({ authSession: 'admin' });
    fixed('extends it', () => {});`,
  'tests/plain.spec.ts': `import { test } from '@playwright/test';
    test('has no sessions', () => {});`,
};

let project: NestedProject;

test.beforeAll(async () => {
  project = await createNestedProject(files);
});

test.afterAll(() => project.remove());

for (const reporter of ['list', 'line'] as const)
  test(`fails before any test starts, and names each test that chooses no session, with ${reporter}`, async () => {
    const run: NestedRun = await project.run(reporter === 'line' ? ['--reporter=line'] : []);
    expect(run.exitCode).toBe(1);
    expect(run.output).toContain('ERR_SESSION_REQUIRED');
    expect(run.output.match(/\S+\.spec\.ts:\d+:\d+ › .*/g)).toEqual([
      'none.spec.ts:2:5 › names none',
      'none.spec.ts:9:9 › names none again',
      'plain.spec.ts:2:5 › has no sessions',
    ]);
    // The place where editors and reporters point.
    expect(run.output).toMatch(/> +2 \|.*names none/);
    expect(run.output).not.toMatch(/\d+ passed/);
  });

test('--list fails like a run, and a project whose tests all choose passes', async () => {
  const listed = await project.run(['--list']);
  expect([listed.exitCode, listed.output]).toEqual([1, expect.stringContaining('ERR_SESSION_REQUIRED')]);
  const chosen = await project.run(['--project=admin', '--project=plain', '--list']);
  expect([chosen.exitCode, chosen.output]).toEqual([0, expect.stringContaining('Total: 5 tests')]);
});

test('in an editor, which loads test files in another process, a test that chooses no session fails when it starts', async () => {
  await project.write({
    'editor/playwright.config.ts': files['playwright.config.ts'].replace("'./auth-", "'../auth-"),
    'editor/tests/none.spec.ts': `import { test } from '@auth';
      import { appendFileSync } from 'node:fs';
      test.use({ authSession: undefined });
      test('names none', ({ request }) => appendFileSync('ran.txt', 'nobody'));
      const own = test.extend({ authSession: async ({}, use) => use(undefined) });
      own('computes none', ({ request }) => appendFileSync('ran.txt', 'nobody'));
      test.describe(() => {
        test.use({ authSession: null });
        test('starts signed out', ({ request }) => appendFileSync('ran.txt', 'null'));
      });`,
    'editor.mjs': `
      import { createRequire } from 'node:module';
      const require = createRequire(import.meta.url);
      const playwright = createRequire(require.resolve('@playwright/test/package.json'));
      const { testRunner } = playwright(playwright.resolve('playwright/package.json').replace('package.json', 'lib/runner'));
      const runner = new testRunner.TestRunner({ configDir: process.cwd() + '/editor', resolvedConfigFile: process.cwd() + '/editor/playwright.config.ts' }, {});
      await runner.initialize({});
      await runner.runGlobalSetup([]);
      console.log((await runner.runTests({}, { projects: ['none'] })).status);
      await runner.runGlobalTeardown();`,
  });
  const { output } = await project.run([], { script: 'editor.mjs' });
  expect(output).toContain('failed');
  expect(output).toMatch(/is set\.\n\s*Without a session a test starts signed out\.\n/);
  expect(output).toMatch(/> +4 \|.*names none/);
  expect(output).toMatch(/> +6 \|.*computes none/);
  expect(await project.read('ran.txt')).toBe('null');
});
