import { expect, test } from '@playwright/test';
import { createAccountsSite } from '../support/accounts-site.js';
import { runInProcess } from '../support/command-line.js';
import { browserUse, createNestedProject } from '../support/nested-run.js';

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
  });
  try {
    const { exitCode, stdout } = await runInProcess(['init', '--yes', '--ci', 'none'], project);
    expect(exitCode, stdout).toBe(0);
    expect(stdout).toContain('- tests/auth.setup.ts:13 stays as it is. It calls "login"');
    expect(stdout).toContain('- tests/bob.spec.ts:2 stays as it is.');
    expect(stdout).not.toMatch(/password-of|no longer used/);
    const text = await project.read('playwright.config.ts');
    expect(text).toContain("dependencies: ['setup']");
    expect(text).toContain("authSession: 'ada'");
    expect(await project.read('tests/bob.spec.ts')).toContain("storageState: 'playwright/.auth/bob.json'");
    const again = await runInProcess(['init', '--yes', '--ci', 'none'], project);
    expect(again.stdout).toContain('- tests/auth.setup.ts still signs in before each run.');
    expect(again.stdout).not.toContain('already set up');
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
