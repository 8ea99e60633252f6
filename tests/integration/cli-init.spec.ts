import { execFile } from 'node:child_process';
import { chmod, rm } from 'node:fs/promises';
import path from 'node:path';
import { expect, test as base } from '@playwright/test';
import { run } from '../run/command.mjs';
import { runInProcess } from '../support/command-line.js';
import { createConsultationsSite, demoAccounts } from '../support/consultations/index.js';
import { browserUse, createNestedProject, repository, type NestedProject } from '../support/nested-run.js';
import { createLinkedProject, filesIn, type LinkedProject } from '../support/package/linked-project.js';

type Files = Readonly<Record<string, string>>;
type Project = Pick<LinkedProject, 'folder' | 'read' | 'write' | 'files' | 'authSessions'>;

const test = base.extend<{
  /** With the package as it is packed. */
  project: (files: Files) => Promise<LinkedProject>;
  /** Its commands run in this process: for tests of what they write and say. */
  plainProject: (files: Files) => Promise<Project>;
}>({
  project: async ({}, use) => {
    const projects: LinkedProject[] = [];
    await use(async (files) => {
      const project = await createLinkedProject(files);
      projects.push(project);
      return project;
    });
    for (const one of projects) await one.remove();
  },
  plainProject: async ({}, use) => {
    const projects: NestedProject[] = [];
    await use(async (files) => {
      const project = await createNestedProject(files);
      projects.push(project);
      const { folder } = project;
      return {
        folder,
        read: (file) => project.read(file),
        write: (more) => project.write(more),
        files: () => filesIn(folder),
        async authSessions(...args) {
          const { exitCode, stdout, stderr } = await runInProcess(args, { folder });
          return { exitCode, output: stdout + stderr };
        },
      };
    });
    for (const one of projects) await one.remove();
  },
});

test.describe.configure({ mode: 'parallel', timeout: 300_000 });

const { email, password, totp } = demoAccounts.admin;
const credentials = `AUTOMATION__ADMIN__USERNAME='${email}'\nAUTOMATION__ADMIN__PASSWORD='${password}'\nAUTOMATION__ADMIN__ONE_TIME_PASSWORD='${totp.secret}'\n`;

const moduleConfig = `import { defineConfig, devices } from '@playwright/test';

// How our suite runs.
export default defineConfig({
  testDir: './e2e',
  reporter: 'list',
  use: { baseURL: process.env.SITE_URL ?? 'https://shop.example', launchOptions: ${browserUse()} },
  projects: [{ name: 'chromium', use: { ...devices['Desktop Chrome'] } }],
});
`;

const commonConfig = `// @ts-check
const { defineConfig } = require('@playwright/test');

module.exports = defineConfig({
  testDir: './e2e',
  reporter: 'list',
  use: { baseURL: process.env.SITE_URL, launchOptions: ${browserUse()} },
});
`;

const importingTest = `import { expect, test } from 'playwright-auth-sessions';
test.use({ authSession: 'admin' });
test('is signed in', async ({ page }) => {
  await page.goto('/');
  await expect(page.getByRole('button', { name: 'Sign out' })).toBeVisible();
});
`;

const requiringTest = importingTest.replace(/^import (.*) from (.*);/, 'const $1 = require($2);');

test('an ES module project in TypeScript: shown first, written once, and its tests are signed in', async ({
  project,
}) => {
  const { folder, ...it } = await project({
    'package.json': '{ "type": "module" }',
    'package-lock.json': '{}',
    'playwright.config.ts': moduleConfig,
    '.gitignore': 'node_modules/\n/reports/output/',
  });
  const before = await it.files();
  const looked = await it.authSessions('init', '--dry-run', '--code');
  expect(looked.exitCode, looked.output).toBe(0);
  expect(looked.output).toContain("+import { withAuthSessions } from 'playwright-auth-sessions';");
  expect(looked.output).toContain(
    "+export default defineConfig(withAuthSessions('./auth-flows/auth-sessions.ts', {",
  );
  expect(looked.output).toContain('auth-flows/sign-in.ts (new)');
  expect(looked.output).toContain('Nothing was written (--dry-run).');
  expect([await it.files(), await it.read('playwright.config.ts')]).toEqual([before, moduleConfig]);

  const written = await it.authSessions('init', '--yes', '--code');
  expect(written.exitCode, written.output).toBe(0);
  expect(written.output).toContain('playwright.config.ts added to');
  expect((await it.files()).filter((file) => !before.includes(file))).toEqual([
    '.env.auth-sessions.example',
    '.github/workflows/auth-sessions.yml',
    'auth-flows/auth-sessions.ts',
    'auth-flows/auth-sessions.types.d.ts',
    'auth-flows/sign-in.ts',
    'tsconfig.json',
  ]);
  expect(await it.read('.gitignore')).toBe(
    'node_modules/\n/reports/output/\n\n# sealed sessions, local test credentials, and output of ' +
      'runs\n/.auth-sessions/\n/.env.auth-sessions\n',
  );
  const state = await contentsOf({ folder, ...it });
  const again = await it.authSessions('init', '--yes', '--session', 'somebody,else', '--ci', 'workload');
  expect(again).toMatchObject({ exitCode: 0, output: '✓ Nothing to do: the project is already set up.\n' });
  expect(await contentsOf({ folder, ...it })).toEqual(state);

  await it.write({ '.env.auth-sessions': credentials, 'e2e/admin.spec.ts': importingTest });
  await compile({ folder, ...it });
  const types = 'auth-flows/auth-sessions.types.d.ts';
  const text = await it.read(types);
  await rm(path.join(folder, types));
  await expectSignedInOnce({ folder, ...it });
  expect(await it.read(types), 'written again by the run').toBe(text);
});

for (const { kind, type, config, extension, spec } of [
  { kind: 'CommonJS in JavaScript', type: 'commonjs', config: 'js', extension: 'js', spec: 'js' },
  { kind: 'CommonJS in TypeScript', type: 'commonjs', config: 'ts', extension: 'ts', spec: 'ts' },
  { kind: 'ES modules in JavaScript', type: 'module', config: 'js', extension: 'js', spec: 'js' },
  { kind: 'ES modules by their extension', type: 'commonjs', config: 'mjs', extension: 'mjs', spec: 'mjs' },
] as const)
  test(`a project of ${kind}: set up once, the second time changes nothing, and its tests are signed in`, async ({
    project,
  }) => {
    const requires = type === 'commonjs' && config === 'js';
    const it = await project({
      'package.json': JSON.stringify({ type }),
      [`playwright.config.${config}`]: requires ? commonConfig : moduleConfig,
      [`e2e/admin.spec.${spec}`]: requires ? requiringTest : importingTest,
      '.env.auth-sessions': credentials,
    });
    const written = await it.authSessions('init', '--yes', '--code', '--ci', 'none', '--json');
    expect(JSON.parse(written.output), written.output).toMatchObject({ ok: true, data: { byHand: null } });
    expect(await it.files()).toEqual(
      expect.arrayContaining([`auth-flows/auth-sessions.${extension}`, `auth-flows/sign-in.${extension}`]),
    );
    expect((await it.files()).filter((file) => /sconfig|types/.test(file))).toEqual([
      `auth-flows/auth-sessions.types.d.${extension.replace('js', 'ts')}`,
      spec.endsWith('ts') ? 'tsconfig.json' : 'jsconfig.json',
    ]);
    const state = await contentsOf(it);
    const again = await it.authSessions('init', '--yes');
    expect(again).toMatchObject({ exitCode: 0, output: '✓ Nothing to do: the project is already set up.\n' });
    expect(await contentsOf(it)).toEqual(state);
    if (config === 'ts') await compile(it);
    await expectSignedInOnce(it);
  });

test('a project that is set up gets a workflow on request, and a missing sessions file', async ({
  plainProject,
}) => {
  const config = moduleConfig
    .replace('defineConfig({', "defineConfig(withAuthSessions('./who/sessions.ts', {")
    .replace('});\n', '}));\n');
  const it = await plainProject({
    'package.json': '{ "type": "module" }',
    'playwright.config.ts': `import { withAuthSessions } from 'playwright-auth-sessions';\n${config}`,
  });
  const files = await it.files();
  const lost = await it.authSessions('init', '--yes', '--ci', 'none', '--session', 'ada');
  expect(lost.output).toContain('who/sessions.ts created');
  expect((await it.files()).filter((file) => !files.includes(file))).toEqual([
    '.env.auth-sessions.example',
    '.gitignore',
    'tsconfig.json',
    'who/sessions.ts',
    'who/sessions.types.d.ts',
    'who/sign-in.ts',
  ]);
  expect(await it.read('playwright.config.ts')).toContain(config);
  expect(JSON.parse((await it.authSessions('list', '--json')).output)).toMatchObject({
    data: { sessions: [{ name: 'ada', state: 'none' }] },
  });
  const done = await it.authSessions('init', '--yes');
  expect(done.output).toBe('✓ Nothing to do: the project is already set up.\n');
  await it.authSessions('init', '--yes', '--agents');
  expect(JSON.parse(await it.read('.mcp.json'))).toMatchObject({
    mcpServers: { 'signed-in-browser': { args: ['playwright-auth-sessions', 'mcp', 'ada'] } },
  });
  const asked = await it.authSessions('init', '--yes', '--ci', 'workload', '--shards', '3');
  expect(asked.output).toContain('✓ .github/workflows/auth-sessions.yml created');
  expect(asked.output).toMatch(/gh secret set OP_INTEGRATION_KEY .*\n.*gh secret set AUTH_SESSIONS_KEY /);
  expect(asked.output).toContain('Add to who/sessions.ts: onePassword: { auth: { workloadIdentity:');
  expect(asked.output).toContain('Its references must be op-env://ENVIRONMENT_ID/NAME');
  expect(await it.read('.github/workflows/auth-sessions.yml')).toContain('shard: [1, 2, 3]');
  const again = await it.authSessions('init', '--yes', '--ci', 'token');
  expect(again.output).toBe('✓ Nothing to do: the project is already set up.\n');
  const text = await it.read('playwright.config.ts');
  await it.write({ 'playwright.config.ts': text.replace("'./who/sessions.ts'", "'./who/' + 'sessions.ts'") });
  const unseen = await it.authSessions('init', '--yes');
  expect(unseen.output).toContain('the config computes the path of its sessions file');
});

test('the workflow passes the token of each connection, or says that the sessions are not known', async ({
  plainProject,
}) => {
  const files = (sessions: string): Files => ({
    'package.json': '{ "type": "module" }',
    'playwright.config.ts': `import { withAuthSessions } from '@auth';
      export default withAuthSessions('./sessions.ts', { use: { baseURL: 'https://shop.example' } });`,
    'sessions.ts': sessions,
  });
  const it = await plainProject(
    files(`import { defineAuthFlow, defineAuthSessions } from '@auth';
      const flow = defineAuthFlow({ create: async () => undefined });
      export default defineAuthSessions({ vaults: { staging: {} }, sessions: {
        ada: { flow, login: 'op://automation/ada' },
        bob: { flow, login: 'op://automation/ada', vault: 'staging' },
      } });`),
  );
  const several = await it.authSessions('init', '--dry-run', '--ci', 'token');
  const line = 'OP_SERVICE_ACCOUNT_TOKEN_STAGING: ${{ secrets.OP_SERVICE_ACCOUNT_TOKEN_STAGING }}';
  expect(several.output.split(line), several.output).toHaveLength(3);
  expect(several.output).toContain('gh secret set OP_SERVICE_ACCOUNT_TOKEN_STAGING ');
  const broken = await plainProject(files('export default 1;'));
  const guessed = await broken.authSessions('init', '--dry-run', '--ci', 'token');
  expect(guessed.output).toContain('so the workflow passes only OP_SERVICE_ACCOUNT_TOKEN.');
});

test('two tenants: --connection declares the second, and the files that are written load', async ({
  plainProject,
}) => {
  const it = await plainProject({
    'package.json': '{ "type": "module" }',
    'playwright.config.ts': moduleConfig,
  });
  const options = ['--session', 'admin', '--connection', 'acme=acmeAdmin,acmeBuyer'];
  const vault = await it.authSessions('init', '--vault', ...options);
  expect(vault.output).toContain('# For vault connection "acme"');
  const wrong = await it.authSessions('init', '--yes', '--connection', 'Acme=ada');
  expect(wrong).toMatchObject({ exitCode: 2 });
  expect(wrong.output).toContain('"Acme" is no name of a connection');
  const written = await it.authSessions('init', '--yes', ...options);
  expect(written.exitCode, written.output).toBe(0);
  expect(written.output).toContain('gh secret set OP_SERVICE_ACCOUNT_TOKEN_ACME ');
  expect(await it.read('.github/workflows/auth-sessions.yml')).toContain(
    'OP_SERVICE_ACCOUNT_TOKEN_ACME: ${{ secrets.OP_SERVICE_ACCOUNT_TOKEN_ACME }}',
  );
  const { output } = await it.authSessions('local', 'init');
  for (const key of ['AUTOMATION__ADMIN__PASSWORD', 'ACME__AUTOMATION__ACMEBUYER__PASSWORD'])
    expect(output).toContain(`  ${key}\n`);
  const again = await it.authSessions('init', '--yes', ...options);
  expect(again).toMatchObject({ exitCode: 2 });
  expect(again.output).toContain('Add the connection to the sessions file');
});

test('--local and --desktop-account write what the questions would', async ({ plainProject }) => {
  const files = { 'package.json': '{ "type": "module" }', 'playwright.config.ts': moduleConfig };
  const it = await plainProject(files);
  const both = await it.authSessions('init', '--yes', '--local', '--ci', 'token');
  expect(both).toMatchObject({ exitCode: 2 });
  expect(both.output).toContain('Leave out --local, or --ci token.');
  const empty = await it.authSessions('init', '--yes', '--desktop-account', ' ');
  expect(empty).toMatchObject({ exitCode: 2 });
  const app = await it.authSessions('init', '--dry-run', '--desktop-account', 'acme');
  expect(app.output).toContain("+  onePassword: { auth: { desktopAccount: 'acme' } },");
  const local = await it.authSessions('init', '--yes', '--local');
  expect(local.exitCode, local.output).toBe(0);
  expect((await it.files()).filter((file) => file.includes('workflows'))).toEqual([]);
  expect(await it.read('auth-flows/auth-sessions.ts')).toContain("environment: 'local'");
});

test('says which secrets CI needs, and doctor warns about a missing workload UUID and Environment ID', async ({
  plainProject,
}) => {
  const it = await plainProject({
    'package.json': '{ "type": "module" }',
    'playwright.config.ts': moduleConfig,
  });
  const token = await it.authSessions('init', '--dry-run', '--json');
  const next = (run: { output: string }) =>
    (JSON.parse(run.output) as { data: { next: string[] } }).data.next;
  expect(next(token)).toContainEqual(expect.stringMatching(/^gh secret set OP_SERVICE_ACCOUNT_TOKEN /));
  const workload = await it.authSessions('init', '--yes', '--json', '--ci', 'workload');
  expect(next(workload)).toContain(
    "In auth-flows/auth-sessions.ts, replace 'the-uuid-of-your-workload' with the UUID of your workload.",
  );
  expect(next(workload)).toContain('In 1Password, add to the Environment: ADMIN_USERNAME, ADMIN_PASSWORD.');
  expect(await it.read('auth-flows/auth-sessions.ts')).toContain(
    'password: `op-env://${environment}/ADMIN_PASSWORD`,',
  );
  const doctor = await it.authSessions('doctor', '--json');
  const { data } = JSON.parse(doctor.output) as { data: { findings: { id: string; seen: string }[] } };
  expect(data.findings).toContainEqual(
    expect.objectContaining({
      id: 'sessions-file',
      result: 'warning',
      seen: 'The UUID of the workload is missing.',
    }),
  );
  expect(data.findings).toContainEqual(
    expect.objectContaining({ id: 'sessions-file', seen: 'The ID of the Environment is missing.' }),
  );
});

test('leaves a config that it cannot edit, and says exactly what to write', async ({ plainProject }) => {
  const config = "import { config } from './shared.js';\nexport default config;\n";
  const it = await plainProject({
    'package.json': '{ "type": "module" }',
    'playwright.config.ts': config,
    'shared.ts': "export const config = { use: { baseURL: 'https://shop.example' } };\n",
  });
  for (const run of [1, 2]) {
    const { exitCode, output } = await it.authSessions('init', '--yes');
    expect(exitCode, String(run)).toBe(0);
    expect(output).toContain(
      'playwright.config.ts needs a change by you. It does not define "config". Write in it:',
    );
    expect(output).toContain("  import { withAuthSessions } from 'playwright-auth-sessions';");
    expect(output).toContain("  export default withAuthSessions('./auth-flows/auth-sessions.ts', config);");
  }
  expect(await it.read('playwright.config.ts')).toBe(config);
});

test('overwrites nothing, and asks nothing without a terminal', async ({ plainProject }) => {
  const it = await plainProject({
    'package.json': '{}',
    'playwright.config.ts': moduleConfig,
    'auth-flows/sign-in.ts': '// mine',
    '.env.auth-sessions.example': 'MINE=1',
  });
  const asked = await it.authSessions('init');
  expect(asked).toMatchObject({ exitCode: 2 });
  expect(asked.output).toContain('Add --yes, or --dry-run to see the changes first.');
  expect(await it.files()).not.toContain('auth-flows/auth-sessions.ts');
  await it.authSessions('init', '--yes');
  expect(await it.files()).toContain('auth-flows/auth-sessions.ts');
  expect(await it.read('auth-flows/sign-in.ts')).toBe('// mine');
  expect(await it.read('.env.auth-sessions.example')).toBe('MINE=1');
});

test("prints 1Password's commands, which a shell runs as they are, with no value in them", async ({
  plainProject,
}) => {
  test.skip(process.platform === 'win32', 'they are for a shell');
  const it = await plainProject({
    'package.json': '{ "type": "module" }',
    'playwright.config.ts': moduleConfig,
  });
  const refused = await it.authSessions('init', '--yes', '--in-vault', "Bob's tests");
  expect(refused.output).toContain('[ERR_REFERENCE_INVALID]');
  const misnamed = await it.authSessions('init', '--yes', '--session', 'admin,Ada Lovelace');
  expect(misnamed.exitCode).toBe(2);
  expect(misnamed.output).toContain('"Ada Lovelace" is not a session name');
  await it.authSessions('init', '--yes', '--code', '--in-vault', 'E2E tests');
  const { exitCode, output } = await it.authSessions('init', '--vault', 'E2E tests');
  expect(exitCode, output).toBe(0);
  await it.write({
    'bin/op': `#!/bin/sh\nfor one in "$@"; do printf '<%s>' "$one"; done >> "${it.folder}/calls"; echo >> "${it.folder}/calls"\n`,
    'commands.sh': output,
  });
  await chmod(path.join(it.folder, 'bin/op'), 0o755);
  await typeInto('bash', [path.join(it.folder, 'commands.sh')], {
    path: path.join(it.folder, 'bin'),
    lines: ['ada@shop.example', 'pass "word"', 'otpauth://totp/a?secret=AAAA'],
  });
  expect((await it.read('calls')).trim().split('\n')).toEqual([
    '<vault><create><E2E tests>',
    `<item><create><--category=login><--vault=E2E ` +
      `tests><--title=admin><username=ada@shop.example><password=pass "word"><one-time ` +
      `password[otp]=otpauth://totp/a?secret=AAAA>`,
    '<service-account><create><playwright-auth-sessions><--vault><E2E tests:read_items><--expires-in><90d>',
  ]);
  const other = await it.authSessions('init', '--vault', 'nowhere');
  expect(other.exitCode).toBe(2);
  expect(other.output).toContain('The references name E2E tests.');
});

/** Two tests, each on a separate worker. */
async function expectSignedInOnce(project: LinkedProject): Promise<void> {
  const site = await createConsultationsSite({ accounts: [demoAccounts.admin] });
  try {
    const { exitCode, output } = await project.playwright(
      ['test', '--repeat-each=2', '--fully-parallel', '--workers=2'],
      { SITE_URL: site.url },
    );
    expect(exitCode, output).toBe(0);
    expect(output).toContain('2 passed');
    expect(site.signIns(email)).toBe(1);
  } finally {
    await site.close();
  }
}

/** What init has written, strictly, and what a test says. */
/** By the `tsconfig.json` that `init` has written. */
async function compile({ folder }: LinkedProject): Promise<void> {
  const compiler = path.join(repository, 'node_modules/typescript-native/bin/tsc');
  const { code, output } = await run(process.execPath, [compiler, '-p', '.'], { cwd: folder, quiet: true });
  expect(code, output).toBe(0);
}

async function contentsOf(project: LinkedProject): Promise<readonly string[]> {
  return Promise.all((await project.files()).map(async (file) => `${file}\n${await project.read(file)}`));
}

function typeInto(
  command: string,
  args: readonly string[],
  { path: first, lines }: { path: string; lines: readonly string[] },
): Promise<void> {
  return new Promise((resolve, reject) => {
    const env = { ...process.env, PATH: `${first}${path.delimiter}${process.env.PATH ?? ''}` };
    const child = execFile(command, args, { env }, (error) =>
      error ? reject(new Error('it failed', { cause: error })) : resolve(),
    );
    child.stdin?.end(`${lines.join('\n')}\n`);
  });
}
