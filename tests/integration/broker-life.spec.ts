import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { request } from 'node:http';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { brokerOf } from '../support/broker-of.js';
import { createConsultationsSite, type ConsultationsSite } from '../support/consultations/index.js';
import type { NestedProject, RunningNestedRun } from '../support/nested-run.js';
import { createSignedInProject, quickAccounts, whoAmITests } from '../support/signed-in-project.js';
import { testKey } from '../support/test-key.js';

const { admin } = quickAccounts;

test.describe.configure({ mode: 'parallel', timeout: 300_000 });
test.skip(process.platform === 'win32', 'signals and /proc are POSIX');

let site: ConsultationsSite;
let project: NestedProject;
let temporary: string;

test.beforeEach(async () => {
  site = await createConsultationsSite({ accounts: Object.values(quickAccounts) });
});

test.afterEach(async () => {
  await project.remove();
  await site.close();
});

/** A temporary folder of the run's own, so that what is left in it is the run's. */
async function prepare(tests: Readonly<Record<string, string>>, more = {}): Promise<Record<string, string>> {
  project = await createSignedInProject({ siteUrl: site.url, tests, ...more });
  temporary = path.join(project.folder, 't');
  await mkdir(temporary);
  return { TMPDIR: temporary };
}

const holdUntilReleased = `import { expect, test } from '@auth'; import { existsSync, readFileSync } from 'node:fs';
  test.use({ authSession: 'admin' });
  test('waits', async ({ page, authSessions }) => {
    console.log('PAGE IS OPEN ' + process.env.AUTH_SESSIONS_BROKER);
    await expect.poll(() => existsSync('release'), { timeout: 60_000 }).toBe(true);
    const other = await authSessions.newPage('customer');
    await other.goto('/');
    await expect(other.getByRole('button', { name: 'Sign out' })).toBeVisible();
  });`;

test('a broker that dies is restarted once, and the waiting test continues', async () => {
  const env = await prepare({ 'hold.spec.ts': holdUntilReleased }, { config: 'timeout: 90_000,' });
  const run = project.start([], { env });
  await run.waitFor(/PAGE IS OPEN/);
  process.kill(brokerOf(run), 'SIGKILL');
  await run.waitFor(/the broker ended unexpectedly and is restarted/);
  await project.write({ release: '' });
  const { output, exitCode } = await run.ended;
  expect(output).toContain('1 passed');
  expect(exitCode).toBe(0);
  expect(leftovers()).toEqual([]);
});

test('SIGINT ends the run at once and leaves nothing', async () => {
  const env = await prepare({ 'hold.spec.ts': holdUntilReleased }, { config: 'timeout: 90_000,' });
  const run = project.start([], { env });
  await run.waitFor(/PAGE IS OPEN/);
  const broker = brokerOf(run);
  run.process.kill('SIGINT');
  expect((await run.ended).exitCode).toBe(130);
  expect(isAlive(broker)).toBe(false);
  expect(leftovers()).toEqual([]);
});

test('SIGINT ends a waiting sign-in', async () => {
  const env = await prepare(
    { 'admin.spec.ts': whoAmITests('admin', 1) },
    {
      files: {
        'flow.ts': `import { defineAuthFlow } from '@auth';
          export default defineAuthFlow({ async create({ page }) {
            await page.goto('/sign-in'); console.log('WAITING'); await page.getByText('never').waitFor({ timeout: 60_000 }); } });`,
      },
      moreSessions: `admin: { flow: './flow.ts', parameters: {
        username: 'op://automation/consultations-admin/username', password: 'op://automation/consultations-admin/password' } },`,
    },
  );
  const run = project.start([], { env });
  await run.waitFor(/WAITING/);
  const startedAtMs = performance.now();
  run.process.kill('SIGINT');
  await run.ended;
  expect(performance.now() - startedAtMs).toBeLessThan(15_000);
  expect(leftovers()).toEqual([]);
  expect(processesOf(temporary)).toEqual([]);
});

test('a broker whose runner is killed ends by itself and leaves nothing', async () => {
  const env = await prepare({ 'hold.spec.ts': holdUntilReleased }, { config: 'timeout: 90_000,' });
  const run = project.start([], { env });
  await run.waitFor(/PAGE IS OPEN/);
  const broker = brokerOf(run);
  run.process.kill('SIGKILL');
  await expect.poll(() => isAlive(broker), { timeout: 20_000 }).toBe(false);
  await expect.poll(() => leftovers().filter((name) => name.startsWith('auth-sessions-'))).toEqual([]);
  await project.write({ release: '' });
  await run.ended;
});

test('no worker or browser has the vault credential or the store key; a run leaves no process, socket or temporary file of its broker', async () => {
  const token = 'ops_not-a-real-token-but-as-secret-as-one';
  const key = Buffer.from(testKey('broker'), 'hex').toString('base64');
  const env = await prepare(
    {
      'env.spec.ts': `import { expect, test } from '@auth'; import { readFileSync, readdirSync } from 'node:fs';
        test.use({ authSession: 'admin' });
        test('looks around', async ({ page }) => {
          expect(process.env.OP_SERVICE_ACCOUNT_TOKEN).toBeUndefined();
          expect(process.env.AUTH_SESSIONS_KEY).toBeUndefined();
          const workerAndBrowsers = readdirSync('/proc').filter((name) => /^\\d+$/.test(name)).filter((pid) => {
            try { return pid === String(process.pid) || /chrom/.test(readFileSync('/proc/' + pid + '/cmdline', 'utf8')); } catch { return false; }
          });
          expect(workerAndBrowsers.length).toBeGreaterThan(1);
          for (const pid of workerAndBrowsers) {
            let text = '';
            try { text = readFileSync('/proc/' + pid + '/environ', 'latin1'); } catch {}
            expect(text.includes('${token}') || text.includes('${key}')).toBe(false);
          }
        });`,
    },
    { options: "environment: 'local'," },
  );
  const run = await project.run([], {
    env: { ...env, OP_SERVICE_ACCOUNT_TOKEN: token, AUTH_SESSIONS_KEY: key },
  });
  expect(run.output).toContain('1 passed');
  expect(run.output).not.toContain(token);
  expect(run.exitCode).toBe(0);
  expect(site.signIns(admin.email)).toBe(1);
  expect(leftovers()).toEqual([]);
  expect(processesOf(temporary)).toEqual([]);
});

test('a config that reads a dotenv file brings no secret back into workers', async () => {
  const env = await prepare(
    {
      'env.spec.ts': `import { expect, test } from '@auth';
      test('looks', async () => {
        expect(process.env.FROM_DOTENV).toBe('yes');
        expect(process.env.OP_SERVICE_ACCOUNT_TOKEN).toBeUndefined();
        expect(process.env.AUTH_SESSIONS_KEY).toBeUndefined();
      });`,
    },
    { options: "environment: 'local'," },
  );
  await project.write({
    '.env': `FROM_DOTENV=yes\nOP_SERVICE_ACCOUNT_TOKEN=ops_${'x'.repeat(40)}\nAUTH_SESSIONS_KEY=${testKey('dotenv')}\n`,
    'playwright.config.ts': `import 'dotenv/config';\n${await project.read('playwright.config.ts')}`,
  });
  expect((await project.run([], { env })).output).toContain('1 passed');
});

test('a worker gets declared sessions only, and nobody without the pass any; after a second death every test fails at once, and no old summary stays', async () => {
  const env = await prepare(
    {
      'hold.spec.ts': holdUntilReleased,
      'unknown.spec.ts': `import { test } from '@auth';
        test.use({ authSession: 'admni' });
        test('misspelt', async ({ request }) => { await request.get('/'); });`,
    },
    { config: 'timeout: 90_000, workers: 2,' },
  );
  await project.write({ 'reports/output/auth-sessions.json': '{}' });
  const run = project.start([], { env });
  await run.waitFor(/PAGE IS OPEN/);
  const { address } = handleOf(run);
  expect(await statusOf(address, 'Bearer wrong')).toBe(401);
  expect(await statusOf(address, undefined)).toBe(401);
  await run.waitFor(/✘ .*misspelt/);

  const first = brokerOf(run);
  process.kill(first, 'SIGKILL');
  await expect.poll(() => brokerOf(run) !== first && brokerOf(run) > 0).toBe(true);
  process.kill(brokerOf(run), 'SIGKILL');
  await run.waitFor(/No more sessions are available in this run/);
  await project.write({ release: '' });
  const { output } = await run.ended;
  expect(output).toContain('There is no session "admni".');
  expect(output).toContain('Did you mean "admin"? [ERR_SESSION_UNKNOWN]');
  expect(output).toMatch(/The broker of this run is gone\.\s+It ended twice/);
  expect(output).toContain('[ERR_BROKER_LOST]');
  expect(existsSync(path.join(project.folder, 'reports/output/auth-sessions.json'))).toBe(false);
  expect(leftovers()).toEqual([]);
});

function handleFileOf(run: RunningNestedRun): string {
  expect(run.process.pid).toBeDefined();
  const [folder] = readdirSync(temporary).filter((name) => name.startsWith('auth-sessions-'));
  return path.join(temporary, folder ?? '', 'broker.json');
}

function handleOf(run: RunningNestedRun): { address: string } {
  return JSON.parse(readFileSync(handleFileOf(run), 'utf8')) as { address: string };
}

/** The runner's child that runs the broker. */
function isAlive(pid: number): boolean {
  return existsSync(`/proc/${pid}`) && !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z');
}

/** What Playwright's own workers leave when their runner is killed is not ours. */
function leftovers(): string[] {
  return readdirSync(temporary).filter((name) => !/^(playwright-artifacts|playwright-transform)/.test(name));
}

function processesOf(folder: string): string[] {
  return execFileSync('ps', ['-eo', 'args='], { encoding: 'utf8' })
    .split('\n')
    .filter((line) => line.includes(folder) && !line.startsWith('ps '));
}

async function statusOf(socketPath: string, authorization: string | undefined): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const outgoing = request(
      { socketPath, path: '/acquire', method: 'POST', headers: authorization ? { authorization } : {} },
      (response) => {
        response.resume();
        resolve(response.statusCode);
      },
    );
    outgoing.on('error', reject);
    outgoing.end('{}');
  });
}
