import { existsSync, readFileSync } from 'node:fs';
import { chmod, mkdir, readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { createConsultationsSite, demoAccounts } from '../support/consultations/index.js';
import { browserUse, repository } from '../support/nested-run.js';
import { createLinkedProject, type LinkedProject } from '../support/package/linked-project.js';

const { email, password, totp } = demoAccounts.admin;

const spec = `import { expect, test } from 'playwright-auth-sessions';
test.use({ authSession: 'admin' });
test('is signed in', async ({ page }) => {
  await page.goto('/');
  await expect(page.getByRole('button', { name: 'Sign out' })).toBeVisible();
});
`;

test.describe.configure({ timeout: 300_000 });

let project: LinkedProject;
/** What a checkout has: the steps add the rest. */
let checkedOut: readonly string[];

test.beforeAll(async () => {
  test.setTimeout(300_000);
  project = await createLinkedProject({
    'package.json': '{ "type": "module" }',
    'playwright.config.ts': `export default { testDir: './e2e', use: { baseURL: process.env.SITE_URL, launchOptions: ${browserUse()} } };`,
    'e2e/first.spec.ts': spec,
    'e2e/second.spec.ts': spec,
    '.env.auth-sessions': `AUTOMATION__ADMIN__USERNAME='${email}'\nAUTOMATION__ADMIN__PASSWORD='${password}'\nAUTOMATION__ADMIN__ONE_TIME_PASSWORD='${totp.secret}'\n`,
  });
  const written = await project.authSessions('init', '--yes', '--code');
  expect(written.exitCode, written.output).toBe(0);
  checkedOut = await project.files();
});

test.afterEach(async () => {
  for (const file of await project.files())
    if (!checkedOut.includes(file)) await rm(path.join(project.folder, file));
});

test.afterAll(() => project.remove());

const recipes = readFileSync(path.join(repository, 'docs/ci.md'), 'utf8');

for (const { where, textOf, acts } of [
  {
    where: 'the workflow that init writes',
    textOf: () => project.read('.github/workflows/auth-sessions.yml'),
    acts: ['playwright-auth-sessions create', 'playwright test', 'playwright merge-reports'],
  },
  {
    where: 'the recipe for GitLab',
    textOf: () => recipe('GitLab'),
    acts: ['playwright-auth-sessions create', 'playwright test', 'playwright merge-reports'],
  },
  {
    where: 'the recipe for Jenkins',
    textOf: () => recipe('Jenkins'),
    acts: ['playwright test', 'playwright merge-reports'],
  },
])
  test(`the steps of ${where} sign in once for two shards, and make one report`, async () => {
    const commands = commandsIn(await textOf());
    expect(commands.map((command) => command.split(' ').slice(0, 2).join(' '))).toEqual(acts);
    const site = await createConsultationsSite({ accounts: [demoAccounts.admin] });
    try {
      for (const step of commands.flatMap(shardsOf)) await runStep(step, site.url);
      expect(site.signIns(email)).toBe(1);
    } finally {
      await site.close();
    }
    const files = await project.files();
    expect(files).toContain('playwright-report/index.html');
    if (where !== 'the workflow that init writes')
      expect(await project.read('junit.xml')).toContain('tests="2"');
  });

/** The text below a heading. */
async function recipe(heading: string): Promise<string> {
  const [, text = ''] = recipes.split(`\n## ${heading}\n`);
  return Promise.resolve(text.split('\n## ')[0] ?? '');
}

/** What runs with npx, but for what installs a browser. */
function commandsIn(text: string): string[] {
  const code = text.includes('```') ? (text.split('```')[1] ?? '') : text;
  return [...code.matchAll(/\bnpx ([^'\n]+)/g)]
    .map(([, command = '']) => command.trim())
    .filter((command) => !command.startsWith('playwright install'));
}

/** Each shard, as the matrix makes it; of two. */
function shardsOf(command: string): string[] {
  const variables =
    /--shard=(?:\$\{\{ matrix\.shard \}\}|\$CI_NODE_INDEX|\$SHARD)\/(?:\d+|\$CI_NODE_TOTAL)(?= )/;
  if (!variables.test(command)) return [command];
  return ['1', '2'].map((shard) => command.replace(variables, `--shard=${shard}/2`));
}

/** On a separate machine, a step finds only the artifacts: with other modes, and reports of all shards in one folder. */
async function runStep(step: string, siteUrl: string): Promise<void> {
  const [tool = '', ...args] = step.split(' ');
  const at = (name: string) => path.join(project.folder, name);
  if (args[0] === 'merge-reports') await rename(at('artifacts'), at(args.at(-1) ?? ''));
  const env = { SITE_URL: siteUrl, PLAYWRIGHT_JUNIT_OUTPUT_FILE: 'junit.xml' };
  const ran = await (tool === 'playwright' ? project.playwright(args, env) : project.run(args, env));
  expect(ran.exitCode, `${step}: ${ran.output}`).toBe(0);
  if (args[0] === 'create') await openModes(at('.auth-sessions'));
  if (existsSync(at('blob-report')) && args[0] === 'test') await collect(at('blob-report'), at('artifacts'));
}

async function collect(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  for (const name of await readdir(from)) await rename(path.join(from, name), path.join(to, name));
  await rm(from, { recursive: true });
}

async function openModes(folder: string): Promise<void> {
  for (const one of await readdir(folder, { recursive: true, withFileTypes: true }))
    await chmod(path.join(one.parentPath, one.name), one.isDirectory() ? 0o755 : 0o644);
  await chmod(folder, 0o755);
}
