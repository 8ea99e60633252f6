import { existsSync } from 'node:fs';
import path from 'node:path';
import { expect, test as base } from '@playwright/test';
import { commandLine } from '../support/command-line.js';
import { createNestedProject, type NestedProject } from '../support/nested-run.js';
import { keys, startAtTerminal, whyNoTerminal, type Terminal } from '../support/terminal.js';

const config = "export default { use: { baseURL: 'https://shop.example' } };\n";

const test = base.extend<{ project: NestedProject; init: (...args: readonly string[]) => Terminal }>({
  project: async ({}, use) => {
    const project = await createNestedProject({ 'playwright.config.ts': config });
    await use(project);
    await project.remove();
  },
  init: async ({ project }, use) => {
    const started: Terminal[] = [];
    await use((...args) => {
      const terminal = startAtTerminal([commandLine(), 'init', ...args], { folder: project.folder });
      started.push(terminal);
      return terminal;
    });
    for (const one of started) one.close();
  },
});

test.describe.configure({ timeout: 300_000 });
test.skip(whyNoTerminal() !== undefined, whyNoTerminal());

test('asks its questions, shows the changes, and writes them', async ({ project, init }) => {
  await project.write({ 'playwright.config.ts': 'export default {};\n' });
  const it = init('--shards', '3');
  await it.waitFor(/Which accounts do you need\?/);
  it.press(`${keys.clear}${keys.enter}`);
  await it.waitFor(/Enter at least one name/);
  it.press(`${keys.clear}2nd${keys.enter}`);
  await it.waitFor(/"2nd" is not a session name/);
  it.press(`${keys.clear}admin, auditor${keys.enter}`);
  await it.waitFor(/Which 1Password vault/);
  it.press(`${keys.clear}Bob's${keys.enter}`);
  await it.waitFor(/"Bob's" cannot be part of a secret reference/);
  it.press(`${keys.clear}e2e${keys.enter}`);
  await it.waitFor(/What is the address of your application\?/);
  it.press(`shop${keys.enter}`);
  await it.waitFor(/Write it in full, as in http:\/\/localhost:3000/);
  it.press(`${keys.clear}localhost:4000${keys.enter}`);
  await it.waitFor(/What is the path of your sign-in page\?/);
  it.press(keys.enter);
  await it.waitFor(/one-time code\?/);
  it.press(`${keys.left}${keys.enter}`);
  await it.waitFor(/How does GitHub Actions/);
  it.press(`${keys.down}${keys.enter}`);
  await it.waitFor(/Write these changes\?/);
  expect(existsSync(path.join(project.folder, 'auth-flows'))).toBe(false);
  it.press(keys.enter);
  const { exitCode, shown } = await it.ended;
  expect(exitCode, shown).toBe(0);
  const sessions = await project.read('auth-flows/auth-sessions.ts');
  expect(sessions).toContain('username: `op-env://${environment}/AUDITOR_USERNAME`,');
  expect(sessions).toContain('workloadIdentity');
  expect(await project.read('.github/workflows/auth-sessions.yml')).toContain('shard: [1, 2, 3]');
  expect(await project.read('playwright.config.ts')).toContain(
    "export default withAuthSessions('./auth-flows/auth-sessions.ts', { use: { baseURL: 'http://localhost:4000' } });",
  );
  expect(shown.indexOf('auth-flows/sign-in.ts (new)')).toBeLessThan(shown.indexOf('Write these changes?'));
  expect(shown).toContain('Next:');
});

test('asks nothing in a project that is set up', async ({ project, init }) => {
  await project.write({
    'playwright.config.ts': `import { withAuthSessions } from '@auth';\nexport default withAuthSessions('./who.ts', ${config.slice(15, -2)});\n`,
    'who.ts':
      "import { defineAuthSessions } from '@auth';\nexport default defineAuthSessions({ sessions: {} });\n",
    '.gitignore': '/.auth-sessions/\n/.env.auth-sessions\n/reports/output/\n',
  });
  const { exitCode, shown } = await init().ended;
  expect([exitCode, shown.trim()]).toEqual([0, '✓ Nothing to do: the project is already set up.']);
});

for (const { how, answer } of [
  { how: 'at a question', answer: keys.interrupt },
  { how: 'when it has seen what would be written', answer: '' },
])
  test(`writes nothing when a person leaves ${how}`, async ({ project, init }) => {
    const it = init();
    await it.waitFor(/Which accounts do you need\?/);
    if (answer === '') {
      for (const question of [
        /vault/,
        /sign-in page/,
        /one-time code/,
        /GitHub Actions/,
        /Write these changes\?/,
      ]) {
        it.press(keys.enter);
        await it.waitFor(question);
      }
      it.press(`${keys.left}${keys.enter}`);
    } else it.press(answer);
    const { exitCode, shown } = await it.ended;
    expect(exitCode, shown).not.toBe(0);
    expect(shown).toContain('Nothing was written.');
    expect(existsSync(path.join(project.folder, 'auth-flows'))).toBe(false);
    expect(await project.read('playwright.config.ts')).toBe(config);
  });
