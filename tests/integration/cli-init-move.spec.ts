import { expect, test } from '@playwright/test';
import { createAccountsSite } from '../support/accounts-site.js';
import { runInProcess } from '../support/command-line.js';
import { browserUse, createNestedProject, type NestedProject } from '../support/nested-run.js';
import { filesIn } from '../support/package/linked-project.js';

const signIn = (password: string, state: string) => `async ({ page }) => {
  // the password is ${password}
  await page.goto('/sign-in');
  await page.getByLabel('Password').fill(${password});
  await page.getByRole('button').click();
  await expect(page.getByText('Signed in')).toBeVisible();

  await page.context().storageState({ path: ${state} });
}`;

const config = (projects: string) => `import { defineConfig, devices } from '@playwright/test';

export default defineConfig({
  testDir: './tests',
  use: { baseURL: process.env.SITE_URL, launchOptions: ${browserUse()} },
  projects: [
${projects}
  ],
});
`;

/** As Playwright's documentation writes it: https://playwright.dev/docs/auth#basic-shared-account-in-all-tests */
const files = {
  'package.json': '{ "type": "module" }',
  'playwright.config.ts': config(`    // Setup project
    { name: 'setup', testMatch: /.*\\.setup\\.ts/ },
    {
      name: 'chromium',
      use: {
        ...devices['Desktop Chrome'],
        // Use prepared auth state.
        storageState: 'playwright/.auth/ada.json',
      },
      dependencies: ['setup'],
    },`),
  'tests/auth.setup.ts': `import { test as setup, expect } from '@playwright/test';
import path from 'path';

const adaFile = path.join(import.meta.dirname, '../playwright/.auth/ada.json');

setup('authenticate', ${signIn("'password-of-ada'", 'adaFile')});
setup('authenticate as bob', ${signIn('process.env.BOB_PASSWORD!', "'playwright/.auth/bob.json'")});
`,
  'tests/ada.spec.ts': `import { test, expect } from '@playwright/test';
const password = 'password-of-ada';
test('is ada', async ({ page, request }) => {
  expect((await request.get('/check')).ok(), password).toBe(true);
});
`,
  'tests/bob.spec.ts': `import { test, expect, type Page } from '@playwright/test';
test.use({ storageState: 'playwright/.auth/bob.json' });
test('is bob', async ({ page, request }: { page: Page; request: any }) => {
  expect((await request.get('/check')).ok()).toBe(true);
});
test.describe('signed out', () => {
  test.use({ storageState: { cookies: [], origins: [] } });
  test('is nobody', async ({ request }) => {
    expect((await request.get('/check')).ok()).toBe(false);
  });
});
`,
  'playwright/.auth/ada.json': '{ "cookies": [], "origins": [] }',
};

test.describe.configure({ timeout: 120_000 });

test('a setup project of two roles becomes sessions, without its passwords, and its tests are signed in', async () => {
  const [site, project] = await Promise.all([createAccountsSite(), createNestedProject(files)]);
  try {
    const planned = await runInProcess(['init', '--dry-run', '--ci', 'none'], project);
    expect(planned.stdout).toContain("-        storageState: 'playwright/.auth/ada.json',");
    expect(planned.stdout).toContain("+        authSession: 'ada',");
    expect(await project.read('playwright.config.ts')).toBe(files['playwright.config.ts']);

    const { exitCode, stdout, stderr } = await runInProcess(['init', '--yes', '--ci', 'none'], project);
    expect(exitCode, stdout + stderr).toBe(0);
    expect(planned.stdout + stdout + stderr).not.toContain('password-of-ada');
    expect(stdout).toContain(
      '- Copy the value of password in tests/auth.setup.ts:9 to AUTOMATION__ADA__PASSWORD in .env.auth-sessions.',
    );
    expect(stdout).toContain('- The flow of ada has no check');
    expect(stdout).toContain('- Copy the value of BOB_PASSWORD to AUTOMATION__BOB__PASSWORD');
    expect(stdout).toContain(
      '- tests/auth.setup.ts is no longer used: delete it. It has values in plain text',
    );
    expect(stdout).toContain('import ada playwright/.auth/ada.json"');
    const flow = await project.read('auth-flows/sign-in.ts');
    expect(flow).toContain(`
  parameters: ['password'],
  async create({ page, credentials }) {
    await page.goto('/sign-in');
    await page.getByLabel('Password').fill(credentials.password);
    await page.getByRole('button').click();
    await expect(page.getByText('Signed in')).toBeVisible();
  },
`);
    expect(await project.read('playwright.config.ts')).toContain(`  projects: [
    {
      name: 'chromium',
      use: {
        ...devices['Desktop Chrome'],
        // Use prepared auth state.
        authSession: 'ada',
      },
    },
  ],`);
    const bob = await project.read('tests/bob.spec.ts');
    expect(bob).toContain(
      "import { type Page } from '@playwright/test';\nimport { test, expect } from 'playwright-auth",
    );
    expect(bob).toContain("test.use({ authSession: 'bob' });");
    expect(bob).toContain('test.use({ authSession: null });');

    await project.write({
      '.env.auth-sessions':
        "AUTOMATION__ADA__PASSWORD='password-of-ada'\nAUTOMATION__BOB__PASSWORD='password-of-bob'\n",
    });
    const run = await project.run(['--workers=1'], { env: { SITE_URL: site.url } });
    expect(run.exitCode, run.output).toBe(0);
    expect(run.output).toContain('3 passed');
    expect([...site.signIns]).toEqual([
      ['ada', 1],
      ['bob', 1],
    ]);
    const again = await runInProcess(['init', '--yes'], project);
    expect(again.stdout).toContain('Nothing to do: the project is already set up.');
  } finally {
    await Promise.all([site.close(), project.remove()]);
  }
});

test('a setup test that cannot be read stays, with its project, its file and its line', async () => {
  const project = await createNestedProject({
    ...files,
    'tests/auth.setup.ts': `import { test as setup, expect } from '@playwright/test';
import { login } from './helpers';
setup('ada', ${signIn("'password-of-ada'", "'playwright/.auth/ada.json'")});
setup('bob', async ({ page }) => {
  await login(page, 'password-of-bob');
  await page.context().storageState({ path: 'playwright/.auth/bob.json' });
});
`,
    'tests/ada.spec.ts': `// bob signs in with password-of-bob
const lock = (page: any) => page.getByLabel('PIN').fill('4711');
${files['tests/ada.spec.ts']}`,
  });
  try {
    const { exitCode, stdout } = await runInProcess(['init', '--yes', '--ci', 'none'], project);
    expect(exitCode, stdout).toBe(0);
    expect(stdout).toContain('- tests/auth.setup.ts:13 stays as it is. It calls "login"');
    expect(stdout).toContain('- tests/bob.spec.ts:2 stays as it is.');
    expect(stdout).toContain('// bob signs in with [redacted:text in tests/auth.setup.ts:13]');
    expect(stdout).toContain(".fill('[redacted]')");
    expect(stdout).not.toMatch(/password-of|4711|no longer used/);
    const text = await project.read('playwright.config.ts');
    expect(text).toContain("dependencies: ['setup']");
    expect(text).toContain("authSession: 'ada'");
    expect(await project.read('tests/bob.spec.ts')).toContain("storageState: 'playwright/.auth/bob.json'");
    expect(stdout).toContain('- tests/auth.setup.ts:3 has moved to the session "ada": delete it there');

    const before = await filesOf(project);
    const again = await runInProcess(['init', '--yes', '--ci', 'none'], project);
    expect(again.stdout).toContain('- tests/auth.setup.ts still signs in before each run. "npx');
    expect(again.stdout).not.toContain('already set up');
    const more = await runInProcess(['init', '--yes', '--move'], project);
    expect(more.stdout).toContain('- tests/auth.setup.ts:13 stays as it is.');
    expect(more.stdout).toContain('- tests/auth.setup.ts:3 has moved to the session "ada": delete it there');
    expect(await filesOf(project), 'nothing is written twice').toEqual(before);
  } finally {
    await project.remove();
  }
});

/** The state after a move that left bob, whose test somebody has changed since. */
const half: Readonly<Record<string, string>> = {
  ...files,
  'playwright.config.ts': `import { withAuthSessions } from 'playwright-auth-sessions';\n${files[
    'playwright.config.ts'
  ]
    .replace("storageState: 'playwright/.auth/ada.json'", "authSession: 'ada'")
    .replace('defineConfig({', "defineConfig(withAuthSessions('./auth-flows/auth-sessions.ts', {")
    .replace(/\}\);\n$/, '}));\n')}`,
  'tests/auth.setup.ts': files['tests/auth.setup.ts'].replace(
    '(process.env.BOB_PASSWORD!)',
    "$&; await page.getByLabel('Company').fill('4711')",
  ),
  'auth-flows/auth-sessions.ts': `import { defineAuthSessions } from '@auth';
import signIn from './sign-in.js';

export default defineAuthSessions({
  sessions: {
    ada: { flow: signIn, parameters: { password: 'op://e2e/ada/password' } }, // the first
  },
});
`,
  'auth-flows/sign-in.ts': `import { defineAuthFlow } from '@auth';
export default defineAuthFlow({ parameters: ['password'], async create() {} });
`,
  '.env.auth-sessions.example': "E2E__ADA__PASSWORD=''\n",
};

test('a second init moves what is left, and adds it to the sessions that are there', async () => {
  const project = await createNestedProject(half);
  try {
    const { exitCode, stdout } = await runInProcess(['init', '--yes', '--move'], project);
    expect(exitCode, stdout).toBe(0);
    expect(stdout).toContain('- Copy the value of BOB_PASSWORD to E2E__BOB__PASSWORD');
    expect(stdout).toContain('- tests/auth.setup.ts is no longer used: delete it.');
    expect(stdout).not.toMatch(/value of password|import ada/);
    expect(await project.read('auth-flows/auth-sessions.ts'))
      .toBe(`import { defineAuthSessions } from 'playwright-auth-sessions';
import signIn from './sign-in.js';
import signInBob from './sign-in-bob.js';

export default defineAuthSessions({
  sessions: {
    ada: { flow: signIn, parameters: { password: 'op://e2e/ada/password' } }, // the first
    bob: {
      flow: signInBob,
      parameters: {
        password: 'op://e2e/bob/password',
        company: 'op://e2e/bob/company',
      },
    },
  },
});
`);
    expect(await project.read('auth-flows/sign-in.ts')).toContain(
      "parameters: ['password'], async create() {}",
    );
    expect(await project.read('auth-flows/sign-in-bob.ts')).toContain('fill(credentials.company)');
    expect(await project.read('.env.auth-sessions.example')).toBe(
      "E2E__ADA__PASSWORD=''\nE2E__BOB__PASSWORD=''\nE2E__BOB__COMPANY=''\n",
    );
    expect(await project.read('playwright.config.ts')).not.toMatch(/setup/i);
    expect(await project.read('tests/bob.spec.ts')).toContain("test.use({ authSession: 'bob' });");
    const listed = await runInProcess(['list', '--json'], project);
    expect(JSON.parse(listed.stdout), listed.stdout).toMatchObject({
      data: { sessions: [{ name: 'ada' }, { name: 'bob' }] },
    });
    const done = await filesOf(project);
    const again = await runInProcess(['init', '--yes', '--move'], project);
    expect(again.stdout).toContain('Nothing to do: the project is already set up.');
    expect(await filesOf(project)).toEqual(done);
  } finally {
    await project.remove();
  }
});

test('a move that was cut off after the sessions were written is finished, without a second declaration', async () => {
  const sessions = half['auth-flows/auth-sessions.ts'] ?? '';
  const project = await createNestedProject({
    ...half,
    'playwright.config.ts': files['playwright.config.ts'],
    'auth-flows/auth-sessions.ts': sessions.replace(' // the first', '\n    bob: { flow: signIn },'),
    'tests/auth.setup.ts': files['tests/auth.setup.ts']
      .replace("'playwright/.auth/bob.json'", '$&')
      .replace("setup('authenticate as bob', async ({ page }) => {", '$&\n  await begin(page);'),
  });
  try {
    const before = await project.read('auth-flows/auth-sessions.ts');
    const { exitCode, stdout } = await runInProcess(['init', '--yes', '--move'], project);
    expect(exitCode, stdout).toBe(0);
    expect(await project.read('auth-flows/auth-sessions.ts')).toBe(before);
    const config = await project.read('playwright.config.ts');
    expect(config).toContain("defineConfig(withAuthSessions('./auth-flows/auth-sessions.ts', {");
    expect(config).toContain("authSession: 'ada'");
    expect(config).not.toMatch(/setup/i);
    expect(await project.read('tests/ada.spec.ts')).toContain("from 'playwright-auth-sessions';");
  } finally {
    await project.remove();
  }
});

test('a sessions file that computes its sessions stays, and the note says so', async () => {
  const project = await createNestedProject({
    ...half,
    'auth-flows/auth-sessions.ts':
      "import { defineAuthSessions } from '@auth';\nexport default defineAuthSessions({ sessions: { ...{} } });\n",
  });
  try {
    const { stdout } = await runInProcess(['init', '--yes', '--move'], project);
    expect(stdout).toContain('The sessions file computes its sessions, so init adds none');
    expect(await project.read('tests/bob.spec.ts')).toBe(half['tests/bob.spec.ts']);
  } finally {
    await project.remove();
  }
});

test('--no-move and --session leave a setup project as it is', async () => {
  const project = await createNestedProject(files);
  try {
    for (const option of [['--no-move'], ['--session', 'guest']]) {
      const { stdout } = await runInProcess(['init', '--dry-run', '--ci', 'none', ...option], project);
      expect(stdout).toContain('withAuthSessions(');
      expect(stdout).not.toMatch(/^-.*storageState/m);
    }
  } finally {
    await project.remove();
  }
});

/** What a project's files say that init may change. */
async function filesOf(project: NestedProject): Promise<readonly string[]> {
  const all = (await filesIn(project.folder)).filter((file) => !/^(?:node_modules|reports)\//.test(file));
  return Promise.all(all.map(async (file) => `${file}\n${await project.read(file)}`));
}
