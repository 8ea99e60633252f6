import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { codeBlocks } from '../support/docs/code-blocks.js';
import { browserUse, createNestedProject, resultsOf, type NestedProject } from '../support/nested-run.js';
import { createPasskeySite, type PasskeySite } from '../support/passkeys/passkey-site.js';
import { withRedisServer } from '../support/redis/redis-fixtures.js';
import { requireRedisServer } from '../support/redis/redis-server.js';
import { testKey } from '../support/test-key.js';

test.describe.configure({ mode: 'serial', timeout: 300_000 });

const env = { AUTH_SESSIONS_KEY: testKey('passkeys') };
const emails = { alone: 'alone@passkeys.example', shared: 'shared@passkeys.example' };
const password = 'correct horse battery staple';

let site: PasskeySite;
let project: NestedProject;

test.beforeAll(async () => {
  site = await createPasskeySite({ passwords: { [emails.alone]: password, [emails.shared]: password } });
  project = await createNestedProject(projectFiles());
});

test.afterAll(async () => {
  await project.remove();
  await site.close();
});

test('a site that compares counters accepts each signature of every test that restores a passkey', async () => {
  const run = await project.run([], { env });
  expect(site.rejections, run.output).toEqual([]);
  expect(resultsOf(run, 'alone.spec.ts'), run.output).toEqual({ passed: 4, failed: 0, skipped: 0 });
  expect(resultsOf(run, 'shared.spec.ts'), run.output).toEqual({ passed: 6, failed: 0, skipped: 0 });
  expect(site.passwordSignIns).toBe(2);
  expect(site.counters[emails.alone]).toHaveLength(7);
  expect(site.counters[emails.shared]).toHaveLength(12);
});

test('a renewal signs in with the passkey, and needs no password', async () => {
  site.endSessions();
  const run = await project.run(['-g', 'approves twice'], { env });
  expect(site.rejections, run.output).toEqual([]);
  expect([site.passwordSignIns, site.passkeySignIns]).toEqual([2, 2]);
});

test('a worker that is killed after it signed costs no counter', async () => {
  const run = await project.run(['--project=killed'], { env });
  expect(site.rejections, run.output).toEqual([]);
  expect(run.output).toMatch(/1 flaky/);
  expect(site.passwordSignIns).toBe(2);
});

test('a test that reads the private key leaves it in no report, and the leak check passes', async () => {
  expect(await readdir(path.join(project.folder, '.auth-sessions', 'sign-counts'))).toHaveLength(2);
  const run = await project.run(['--project=reads', '--trace=on'], { env });
  expect(run.exitCode, run.output).toBe(0);
  expect(run.output).toContain('key: [redacted:alone passkey localhost]');
});

test('shards that share a store in Redis sign with one passkey, each counter once', async () => {
  requireRedisServer();
  const before = site.counters[emails.shared]?.length ?? 0;
  const other = await createNestedProject(projectFiles());
  const runs = await withRedisServer([], async ({ url }) => {
    const shard = async (machine: NestedProject, number: number) =>
      machine.run(['shared.spec.ts', '--workers=1', `--shard=${number}/2`], {
        env: { ...env, AUTH_SESSIONS_STORE_URL: url },
      });
    return Promise.all([shard(project, 1), shard(other, 2)]);
  });
  await other.remove();
  const output = runs.map((run) => run.output).join('\n');
  expect(site.rejections, output).toEqual([]);
  expect(runs.map(({ exitCode }) => exitCode)).toEqual([0, 0]);
  expect(site.passwordSignIns).toBe(3); // one for both, with a new passkey
  const counters = site.counters[emails.shared]?.slice(before) ?? [];
  expect(counters).toHaveLength(12);
  expect(counters).toEqual([...new Set(counters)].sort((one, other) => one - other));
});

function projectFiles(): Readonly<Record<string, string>> {
  const [flow = ''] = codeBlocks('docs/passkeys.md', 'A flow');
  const [approves = ''] = codeBlocks('docs/passkeys.md', 'In a test');
  const session = (name: string, options = '') => `${name}: { flow: './flow.ts', parameters: {
    username: 'op://automation/${name}/username', password: 'op://automation/${name}/password' }, ${options} },`;
  return {
    'package.json': '{ "type": "module", "name": "passkeys" }',
    'playwright.config.ts': `
      import { defineConfig } from '@playwright/test';
      import { withAuthSessions } from '@auth';
      const only = (name) => ({ name, testMatch: name + '.spec.ts', use: {}, default: false });
      export default defineConfig(withAuthSessions('./auth-sessions.ts', {
        testDir: './tests', workers: 2, reporter: [['list']],
        use: { baseURL: ${JSON.stringify(site.url)}, launchOptions: ${browserUse()} },
        projects: [
          { name: 'usual', testMatch: ['alone.spec.ts', 'shared.spec.ts'] },
          { ...only('killed'), retries: 1 }, only('reads'),
        ],
      }));`,
    'auth-sessions.ts': `import { defineAuthSessions } from '@auth';
      export default defineAuthSessions({ sessions: { ${session('alone')} ${session('shared', 'exclusive: true')} } });`,
    'flow.ts': `import { defineAuthFlow } from '@auth'; export default defineAuthFlow({ ${flow} });`,
    '.env.auth-sessions': Object.entries(emails)
      .map(([name, email]) => {
        const prefix = `AUTOMATION__${name.toUpperCase()}__`;
        return `${prefix}USERNAME='${email}'\n${prefix}PASSWORD='${password}'`;
      })
      .join('\n'),
    'tests/approve.ts': `import { expect } from '@auth';
      export const approve = async (page) => {
        await page.goto('/');
        await page.getByRole('button', { name: 'Approve' }).click();
        await expect(page.getByRole('status')).toHaveText('Approved');
      };`,
    'tests/alone.spec.ts': `import { expect, test } from '@auth';
      import { approve } from './approve.js';
      test.use({ authSession: 'alone' });
      ${approves}
      test('approves twice', async ({ page }) => {
        await approve(page);
        await approve(page);
      });
      test('approves in several contexts', async ({ browser, authSessions, page }) => {
        await approve(page);
        await approve(await (await browser.newContext()).newPage());
        await approve(await authSessions.newPage('alone'));
      });
      test('approves with a state for a context of the test', async ({ browser, authSessions }) => {
        const storageState = await authSessions.storageState('alone');
        await approve(await (await browser.newContext({ storageState })).newPage());
      });`,
    'tests/shared.spec.ts': `import { test } from '@auth';
      import { approve } from './approve.js';
      test.describe.configure({ mode: 'parallel' });
      test.use({ authSession: 'shared' });
      for (const number of [1, 2, 3, 4, 5, 6])
        test('approves twice, ' + number, async ({ page }) => {
          await approve(page);
          await approve(page);
        });`,
    'tests/killed.spec.ts': `import { test } from '@auth';
      import { approve } from './approve.js';
      test.use({ authSession: 'shared' });
      test('approves', async ({ page }, { retry }) => {
        await approve(page);
        await approve(page);
        if (retry === 0) process.kill(process.pid, 'SIGKILL');
      });`,
    'tests/reads.spec.ts': `import { expect, test } from '@auth';
      test.use({ authSession: 'alone' });
      test('reads its passkey', async ({ context, page }) => {
        const [{ privateKey }] = await context.credentials.get();
        console.log('key: ' + privateKey);
        await context.credentials.create('localhost', (await context.credentials.get())[0]);
        await page.goto('/');
        await expect(page.getByText('Signed in as')).toBeVisible();
      });`,
  };
}
