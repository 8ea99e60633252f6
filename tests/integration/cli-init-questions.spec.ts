import { existsSync } from 'node:fs';
import path from 'node:path';
import { expect, test as base } from '@playwright/test';
import { commandLine, runInProcess } from '../support/command-line.js';
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

test('Environment: asks its questions, shows the changes, and writes them', async ({ project, init }) => {
  await project.write({ 'playwright.config.ts': 'export default {};\n' });
  const it = init('--shards', '3');
  await answer(it, [
    [/Which accounts do you need\?/, `${keys.clear}${keys.enter}`],
    [/Enter at least one name/, `${keys.clear}2nd${keys.enter}`],
    [/"2nd" is not a session name/, `${keys.clear}admin, auditor${keys.enter}`],
    [/Where are their credentials\?/, `${keys.down}${keys.down}${keys.enter}`],
    [/What is the address of your application\?/, `shop${keys.enter}`],
    [/Write it in full, as in http:\/\/localhost:3000/, `${keys.clear}localhost:4000${keys.enter}`],
    [/What is the path of your sign-in page\?/, keys.enter],
    [/one-time code\?/, `${keys.left}${keys.enter}`],
    [/Write a GitHub Actions workflow\? It has 3 shards on linux: --shards and --os/, keys.enter],
  ]);
  await it.waitFor(/Write these changes\?/);
  expect(existsSync(path.join(project.folder, 'auth-flows'))).toBe(false);
  it.press(keys.enter);
  const { exitCode, shown } = await it.ended;
  expect(exitCode, shown).toBe(0);
  const sessions = await project.read('auth-flows/auth-sessions.ts');
  expect(sessions).toContain('username: `op-env://${environment}/AUDITOR_USERNAME`,');
  expect(sessions).toContain('workloadIdentity');
  const workflow = await project.read('.github/workflows/auth-sessions.yml');
  expect(workflow).toContain('shard: [1, 2, 3]');
  expect(workflow).toContain('secrets.OP_INTEGRATION_KEY');
  expect(await project.read('playwright.config.ts')).toContain(
    "export default withAuthSessions('./auth-flows/auth-sessions.ts', { use: { baseURL: 'http://localhost:4000' } });",
  );
  expect(shown.indexOf('auth-flows/sign-in.ts (new)')).toBeLessThan(shown.indexOf('Write these changes?'));
  expect(shown).toContain('Next:');
  expect(shown).not.toContain('Which vault has their items?');
});

test('local file: asks for no vault and no workflow, and nothing reads 1Password', async ({
  project,
  init,
}) => {
  const it = init();
  await answer(it, [
    [/Which accounts do you need\?/, keys.enter],
    [/Where are their credentials\?/, `${keys.down}${keys.down}${keys.down}${keys.enter}`],
    [/What is the path of your sign-in page\?/, keys.enter],
    [/one-time code\?/, keys.enter],
    [/Write these changes\?/, keys.enter],
  ]);
  const { exitCode, shown } = await it.ended;
  expect(exitCode, shown).toBe(0);
  expect(shown).not.toMatch(/Which vault|workflow|OP_SERVICE_ACCOUNT_TOKEN/);
  expect(await project.read('auth-flows/auth-sessions.ts')).toContain("  environment: 'local',\n");
  expect(existsSync(path.join(project.folder, '.github'))).toBe(false);
  const { stdout } = await runInProcess(['local', 'init'], { ...project, env: { CI: '1' } });
  expect(stdout).toContain('AUTOMATION__ADMIN__PASSWORD');
});

test('vault with a token: asks for the vault, and the workflow has the token', async ({ project, init }) => {
  const it = init();
  await answer(it, [
    [/Which accounts do you need\?/, keys.enter],
    [/Where are their credentials\?/, keys.enter],
    [/Which vault has their items\?/, `${keys.clear}Bob's${keys.enter}`],
    [/"Bob's" cannot be part of a secret reference/, `${keys.clear}e2e${keys.enter}`],
    [/What is the path of your sign-in page\?/, keys.enter],
    [/one-time code\?/, keys.enter],
    [/Write a GitHub Actions workflow\? It has 2 shards on linux/, keys.enter],
    [/Write these changes\?/, keys.enter],
  ]);
  const { exitCode, shown } = await it.ended;
  expect(exitCode, shown).toBe(0);
  expect(await project.read('auth-flows/auth-sessions.ts')).toContain(
    "admin: { flow: signIn, login: 'op://e2e/admin' },",
  );
  expect(await project.read('.github/workflows/auth-sessions.yml')).toContain(
    'secrets.OP_SERVICE_ACCOUNT_TOKEN }}',
  );
});

test('vault with the app: asks for the account, and a workflow is not written if it is not wanted', async ({
  project,
  init,
}) => {
  const it = init();
  await answer(it, [
    [/Which accounts do you need\?/, keys.enter],
    [/Where are their credentials\?/, `${keys.down}${keys.enter}`],
    [/Which 1Password account\?/, keys.enter],
    [/Enter its name/, `Bob's team${keys.enter}`],
    [/Which vault has their items\?/, keys.enter],
    [/What is the path of your sign-in page\?/, keys.enter],
    [/one-time code\?/, keys.enter],
    [/Write a GitHub Actions workflow\?/, `${keys.left}${keys.enter}`],
    [/Write these changes\?/, keys.enter],
  ]);
  const { exitCode, shown } = await it.ended;
  expect(exitCode, shown).toBe(0);
  expect(shown).toContain('Settings > Developer > Integrate with other apps');
  expect(await project.read('auth-flows/auth-sessions.ts')).toContain(
    String.raw`onePassword: { auth: { desktopAccount: 'Bob\'s team' } },`,
  );
  expect(existsSync(path.join(project.folder, '.github'))).toBe(false);
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

test('offers what a move before has left, and moves nothing if it is not wanted', async ({
  project,
  init,
}) => {
  const written = {
    'playwright.config.ts': `import { withAuthSessions } from '@auth';
export default withAuthSessions('./who.ts', { use: { baseURL: 'https://shop.example' }, projects: [
  { name: 'setup', testMatch: /setup\\.ts/ },
  { name: 'shop', use: { authSession: 'ada' }, dependencies: ['setup'] },
] });
`,
    'who.ts': `import { defineAuthFlow, defineAuthSessions } from '@auth';
const flow = defineAuthFlow({ create: async () => undefined });
export default defineAuthSessions({ sessions: { ada: { flow, login: 'op://e2e/ada' } } });
`,
    'auth.setup.ts': `import { test as setup } from '@playwright/test';
setup('bob', async ({ page }) => {
  await page.getByLabel('Password').fill('password-of-bob');
  await page.context().storageState({ path: '.auth/bob.json' });
});
`,
    '.gitignore': '/.auth-sessions/\n/.env.auth-sessions\n/reports/output/\n',
  };
  await project.write(written);
  const left = init();
  await answer(left, [[/Turn the rest of your setup project/, keys.interrupt]]);
  expect((await left.ended).shown).toContain('Nothing was written.');
  const refused = init();
  await answer(refused, [
    [/Turn the rest of your setup project into flows\? Sessions: bob/, `${keys.left}${keys.enter}`],
  ]);
  const { shown } = await refused.ended;
  expect(shown).toContain('- Nothing to write');
  expect(shown).toContain('- auth.setup.ts still signs in before each run.');
  const it = init();
  await answer(it, [
    [/Turn the rest/, keys.enter],
    [/Write these changes\?/, keys.enter],
  ]);
  const { exitCode, shown: moved } = await it.ended;
  expect(exitCode, moved).toBe(0);
  expect(moved).not.toMatch(/Which accounts|password-of-bob/);
  expect(await project.read('who.ts')).toContain("password: 'op://e2e/bob/password',");
  expect(await project.read('playwright.config.ts')).not.toContain('setup');
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
        /Where are/,
        /Which vault/,
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

/** Answers each question when it is shown. */
async function answer(it: Terminal, answers: readonly (readonly [question: RegExp, keys: string])[]) {
  for (const [question, pressed] of answers) {
    await it.waitFor(question);
    it.press(pressed);
  }
}
