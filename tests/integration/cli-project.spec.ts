import path from 'node:path';
import { expect, test } from '@playwright/test';
import { findConfigFile } from '../../src/cli/find-project.js';
import { readProject } from '../../src/cli/read-project.js';
import { runInProcess } from '../support/command-line.js';
import { cleanEnvironment, createNestedProject, type NestedProject } from '../support/nested-run.js';

test.describe.configure({ timeout: 120_000 });

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
/** CommonJS needs the package built: this repository's source is TypeScript modules. */
for (const [name, type] of [
  ['playwright.config.ts', 'module'],
  ['playwright.config.mts', 'commonjs'],
  ['playwright.config.js', 'module'],
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
    const described = await readProject(file, { env, signal });
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

test('a config that throws is told with its own words, and one that is not wrapped with the cure', async () => {
  project = await createNestedProject({ 'playwright.config.ts': 'throw new Error("no such variable");' });
  const broken = await runInProcess(['list'], { folder: project.folder });
  expect(broken.exitCode).toBe(1);
  expect(broken.stderr).toMatch(/cannot be loaded\. \[ERR_PLAYWRIGHT_CONFIG\]\n {2}.*no such variable/);
  await project.write({ 'playwright.config.ts': 'export default {};' });
  const unwrapped = await runInProcess(['list'], { folder: project.folder });
  expect(unwrapped.stderr).toContain('does not use auth sessions. [ERR_PLAYWRIGHT_CONFIG]');
});

test('sessions are listed for each base URL; a project that is not there is wrong usage', async () => {
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
