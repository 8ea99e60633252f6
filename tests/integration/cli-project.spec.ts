import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from '@playwright/test';
import { findConfigFile } from '../../src/cli/suite/find-suite.js';
import type { readSuite as ReadSuite } from '../../src/cli/suite/read-suite.js';
import { createRedactor } from '../../src/redaction/redactor.js';
import { runCommand, runInProcess } from '../support/command-line.js';
import {
  browserUse,
  cleanEnvironment,
  createNestedProject,
  type NestedProject,
} from '../support/nested-run.js';
import { modulesWithOwnPackage } from '../support/package/built-package.js';

test.describe.configure({ timeout: 300_000 });

let project: NestedProject;

test.afterEach(() => project.remove());

const options = `{
  use: { baseURL: 'http://one.example', locale: 'de-DE' },
  projects: [{ name: 'first' }, { name: 'second', use: { baseURL: 'http://two.example' } }],
  webServer: { command: 'node -e "fs.writeFileSync(\\'started\\', \\'\\')"', url: 'http://127.0.0.1:9/' },
}`;
const asModule = `
  import { defineConfig } from '@playwright/test';
  import { withAuthSessions } from '@auth';
  process.env.FROM_CONFIG = 'read';
  export default defineConfig(withAuthSessions('./who.ts', ${options}));`;
for (const [name, type] of [
  ['playwright.config.ts', 'module'],
  ['playwright.config.mts', 'commonjs'],
  ['playwright.config.js', 'module'],
  ['playwright.config.ts', 'commonjs'],
] as const)
  test(`reads ${name} in a project of type ${type} as Playwright does, and starts nothing`, async () => {
    project = await createNestedProject({
      [name]: asModule,
      'package.json': JSON.stringify({ type }),
      'tests/broken.spec.ts': 'throw new Error("is never loaded");',
      'deep/er/file.txt': '',
    });
    const file = findConfigFile({}, path.join(project.folder, 'deep/er'));
    expect(file).toBe(path.join(project.folder, name));
    const env = cleanEnvironment({ OP_SERVICE_ACCOUNT_TOKEN: 'ops_of-a-test' }, project.folder);
    const { signal } = new AbortController();
    const { readSuite } = await builtReader();
    const described = await readSuite(file, { env, signal, redactor: createRedactor() });
    expect(described).toMatchObject({
      sessionsFile: './who.ts',
      projects: [
        { name: 'first', baseURL: 'http://one.example', plan: { contextOptions: { locale: 'de-DE' } } },
        { name: 'second', baseURL: 'http://two.example' },
      ],
      secrets: { vaultCredential: { value: 'ops_of-a-test', source: 'OP_SERVICE_ACCOUNT_TOKEN' } },
    });
    expect(described.wiring.reporters?.[0]).toContain('reporter');
    expect(env).toMatchObject({ FROM_CONFIG: 'read' });
    expect(env).not.toHaveProperty('OP_SERVICE_ACCOUNT_TOKEN');
    await expect(project.read('started')).rejects.toThrow('ENOENT');
  });

test('reports the error of a config that throws, and how to wrap one that is not', async () => {
  project = await createNestedProject({ 'playwright.config.ts': 'throw new Error("no such variable");' });
  const broken = await runInProcess(['list'], { folder: project.folder });
  expect(broken.exitCode).toBe(1);
  expect(broken.stderr).toMatch(/cannot be loaded\. \[ERR_PLAYWRIGHT_CONFIG\]\n {2}.*no such variable/);
  await project.write({
    'playwright.config.ts': 'throw new Error("no good: " + process.env.OP_SERVICE_ACCOUNT_TOKEN);',
  });
  const env = { OP_SERVICE_ACCOUNT_TOKEN: 'ops_of-a-test-that-prints-it' };
  for (const command of ['list', 'doctor']) {
    const { stdout, stderr } = await runInProcess([command], { folder: project.folder, env });
    expect(stdout + stderr).toContain('no good: [redacted:vault credential]');
    expect(stdout + stderr).not.toContain(env.OP_SERVICE_ACCOUNT_TOKEN);
  }
  await project.write({ 'playwright.config.ts': 'export default {};' });
  const unwrapped = await runInProcess(['list'], { folder: project.folder });
  expect(unwrapped.stderr).toContain('does not use auth sessions. [ERR_CONFIG_NOT_WRAPPED]');
});

test('lists sessions for each base URL; an unknown project is a usage error', async () => {
  project = await createNestedProject({
    'playwright.config.ts': asModule,
    'who.ts': `
      import { defineAuthFlow, defineAuthSessions } from '@auth';
      const flow = defineAuthFlow({ parameters: [], create: async () => undefined });
      export default defineAuthSessions({ sessions: { admin: { flow, parameters: {} } } });`,
  });
  const all = await runInProcess(['list'], { folder: project.folder });
  expect(all.stdout).toMatch(/^admin +http:\/\/one\.example .*\nadmin +http:\/\/two\.example /m);
  const second = await runInProcess(['list', '--project', 'second'], { folder: project.folder });
  expect(second.stdout).not.toContain('one.example');
  const wrong = await runInProcess(['list', '--project', 'secnd'], { folder: project.folder });
  expect(wrong).toMatchObject({ exitCode: 2 });
  expect(wrong.stderr).toContain('Did you mean "second"?');
  const open = await runInProcess(['open', 'admin'], { folder: project.folder, env: { DISPLAY: ':0' } });
  expect(open.stderr).toContain('They are http://one.example (first), http://two.example (second).');
});

test('says to start the application if it is not reachable and only runs start it', async () => {
  const config = (webServer: string) => `
    import { defineConfig } from '@playwright/test';
    import { withAuthSessions } from '@auth';
    export default defineConfig(withAuthSessions('./who.ts', {
      use: { baseURL: 'http://127.0.0.1:9', launchOptions: ${browserUse()} }, ${webServer}
    }));`;
  project = await createNestedProject({
    'playwright.config.ts': config("webServer: { command: 'npm start', url: 'http://127.0.0.1:9' },"),
    'who.ts': `
      import { defineAuthFlow, defineAuthSessions } from '@auth';
      const flow = defineAuthFlow({ parameters: [], create: async ({ request }) => void (await request.get('/')) });
      export default defineAuthSessions({ sessions: { admin: { flow, parameters: {}, createAttempts: 1 } } });`,
  });
  const told =
    "admin: start the application first: a run starts the config's webServer, this command does not";
  const create = () => runInProcess(['create', 'admin'], { folder: project.folder });
  expect(await create()).toMatchObject({ exitCode: 1, stdout: expect.stringContaining(told) });
  await project.write({ 'playwright.config.ts': config('') });
  expect(await create()).toMatchObject({ exitCode: 1, stdout: expect.not.stringContaining('webServer') });
});

test('config, sessions file and references see the same variables on the command line as in a run', async () => {
  project = await createNestedProject({
    'playwright.config.ts': `
      import { defineConfig } from '@playwright/test';
      import { withAuthSessions } from '@auth';
      process.env.TEST_REGION = 'of ' + process.env.TEST_ENV;
      export default defineConfig(withAuthSessions('./who.ts', { use: { baseURL: 'http://' + process.env.TEST_ENV + '.example' } }));`,
    'who.ts': `
      import { appendFileSync } from 'node:fs';
      import { defineAuthFlow, defineAuthSessions } from '@auth';
      const { TEST_ENV, TEST_REGION, TEST_WORKER_INDEX = 'none' } = process.env;
      appendFileSync('seen.txt', [TEST_ENV, TEST_REGION, TEST_WORKER_INDEX].join() + '\\n');
      const flow = defineAuthFlow({ parameters: ['password'], create: async () => undefined });
      const parameters = { password: 'op://\${TEST_ENV}/admin/password' };
      export default defineAuthSessions({ sessions: { ['admin-of-' + TEST_ENV]: { flow, parameters } } });`,
    'tests/any.spec.ts': `
      import { test } from '@auth';
      test('any', async ({ credentials }) => { await credentials('admin-of-staging'); });`,
    '.env.auth-sessions': "STAGING__ADMIN__PASSWORD='some password'",
  });
  const env = { TEST_ENV: 'staging' };
  const ran = await project.run([], { env });
  expect(ran.exitCode, ran.output).toBe(0);
  expect(await seen()).toEqual(['staging,of staging,none']);
  // A test may call the command line: variables that Playwright sets for its worker must not reach the project.
  const listed = await runCommand(['list'], {
    folder: project.folder,
    env: { ...env, TEST_WORKER_INDEX: '3' },
  });
  expect(listed.stdout).toMatch(/^admin-of-staging +credentials /m);
  const known = await runCommand(['doctor'], { folder: project.folder, env });
  expect(known.stdout).toContain('References: all 1 resolve');
  const all = await seen();
  expect(all.length).toBeGreaterThan(2);
  expect(new Set(all.map((line) => line.split(',').slice(0, 2).join()))).toEqual(
    new Set(['staging,of staging']),
  );
});

/** Of the package that the config uses. */
async function builtReader() {
  const file = path.join(
    modulesWithOwnPackage(),
    'playwright-auth-sessions/dist/src/cli/suite/read-suite.js',
  );
  return (await import(pathToFileURL(file).href)) as { readSuite: typeof ReadSuite };
}

async function seen(): Promise<string[]> {
  return (await project.read('seen.txt')).trim().split('\n');
}
