import { spawn, spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test as base } from '@playwright/test';
import { headlessShellPaths } from '../../src/browser/find-browser.js';
import { ensureBrowser } from '../run/browser.mjs';
import { countRun, formatCounts } from '../run/counts.mjs';
import type { Counts } from '../run/counts.mjs';
import { ensureLocalCredentials } from '../run/local-credentials.mjs';
import { compareVersions, ensureNode } from '../run/node-version.mjs';

/** A project to bootstrap. Its npm writes down how it was called, and takes the time it is given. */
const test = base.extend<{ project: Project }>({
  project: async ({}, use) => {
    const project = createProject();
    await use(project);
    rmSync(project.root, { recursive: true, force: true });
  },
});

test('installs missing packages, and not again', async ({ project }) => {
  expect((await project.install()).code).toBe(0);
  expect(project.npmCalls()).toEqual(['ci --include=dev']);
  await project.install();
  expect(project.npmCalls()).toHaveLength(1);
});

test('installs packages again when the lock file has another version', async ({ project }) => {
  await project.install();
  project.writeLock('2.0.0');
  await project.install();
  expect(project.npmCalls()).toHaveLength(2);
});

test('repeats an interrupted install', async ({ project }) => {
  await project.install();
  rmSync(join(project.root, 'node_modules/.package-lock.json'));
  await project.install();
  expect(project.npmCalls()).toHaveLength(2);
});

test('two runs that start at once install once', async ({ project }) => {
  const results = await Promise.all([project.install({ npmTakesMs: 1000 }), project.install()]);
  expect(results.map(({ code }) => code)).toEqual([0, 0]);
  expect(project.npmCalls()).toHaveLength(1);
});

test('does not wait for the lock of a dead process', async ({ project }) => {
  const dead = spawnSync(process.execPath, ['-e', '']).pid;
  mkdirSync(join(project.root, 'reports/output'), { recursive: true });
  writeFileSync(join(project.root, 'reports/output/.npm-ci.lock'), String(dead));
  expect((await project.install()).code).toBe(0);
});

test('a failed install says what to do, without a stack', async ({ project }) => {
  const { code, output } = await project.install({ npmFails: true });
  expect(code).toBe(1);
  expect(output).toContain('"npm ci" failed with exit code 3; its reason is above.');
  expect(output).not.toContain('    at ');
});

test('Ctrl-C ends an install at once, together with npm', async ({ project }) => {
  test.skip(process.platform === 'win32', 'Windows has no SIGINT to send');
  const { code, npmIsAlive } = await project.install({ npmTakesMs: 30_000, stopWith: 'SIGINT' });
  expect(code).toBe(130);
  expect(npmIsAlive).toBe(false);
  expect((await project.install()).code).toBe(0); // and leaves no lock behind
});

test('writes local test credentials once, readable only by their owner', ({ project }) => {
  const file = join(project.root, '.env.auth-sessions');
  const said: string[] = [];
  const write = () => ensureLocalCredentials({ root: project.root, say: (line) => void said.push(line) });
  write();
  expect(said).toEqual([]); // there is no example yet
  writeFileSync(`${file}.example`, 'A=public\n');
  write();
  expect(readFileSync(file, 'utf8')).toBe('A=public\n');
  if (process.platform !== 'win32') expect(statSync(file).mode & 0o777).toBe(0o600);
  writeFileSync(file, 'A=mine\n');
  write();
  expect(readFileSync(file, 'utf8')).toBe('A=mine\n');
  expect(said).toHaveLength(1);
});

test('Node versions are compared as numbers', ({ project }) => {
  expect(compareVersions('20.9.0', '20.19')).toBeLessThan(0);
  expect(compareVersions('100.0.0', '20.19')).toBeGreaterThan(0);
  expect(compareVersions('20.19.0', '20.19')).toBe(0);
  expect(() => ensureNode({ root: project.root, version: '20.9.0' })).toThrow('It needs Node 20.19 or newer');
});

test('finds an installed browser, and installs nothing', async () => {
  const said: string[] = [];
  await ensureBrowser({ root: repository, say: (line) => void said.push(line), tellWhich: true });
  expect(said).toEqual([expect.stringMatching(/^Browser: /)]);
});

test('Playwright looks for its headless shell where we look for it', () => {
  const registry = mkdtempSync(join(tmpdir(), 'auth-sessions-registry-'));
  const script = `
    const { chromium } = await import('@playwright/test');
    console.log(chromium.executablePath());
    await chromium.launch().catch((error) => console.log(error.message));`;
  const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    cwd: repository,
    env: { ...process.env, PLAYWRIGHT_BROWSERS_PATH: registry },
    encoding: 'utf8',
  });
  rmSync(registry, { recursive: true });
  const [fullPath = '', ...message] = stdout.split('\n');
  const [shellPath] = headlessShellPaths(fullPath, process.platform);
  expect(shellPath).toContain('chromium_headless_shell');
  expect(message.join('\n')).toContain(`Executable doesn't exist at ${shellPath}`);
});

test('counts a flaky test as passed', ({ project }) => {
  writeFileSync(
    join(project.root, 'some.spec.ts'),
    `import { expect, test } from '@playwright/test';
     test('good', () => {});
     test('bad', () => expect(1).toBe(2));
     test('flaky', ({}, { retry }) => expect(retry).toBe(1));
     test.skip('skipped', () => {});`,
  );
  writeFileSync(join(project.root, 'playwright.config.ts'), `export default { retries: 1 };`);
  const counts = join(project.root, 'counts.json');
  const reporter = join(repository, 'tests/run/count-reporter.mjs');
  const { status, stdout } = project.playwright(['--add-reporter', reporter], {
    AUTH_SESSIONS_COUNTS_FILE: counts,
  });
  expect(status).toBe(1);
  expect(stdout).toContain('1 flaky'); // the list is still there
  expect(formatCounts(JSON.parse(readFileSync(counts, 'utf8')) as Counts)).toBe(
    '2 passed, 1 failed, 1 skipped',
  );
});

test('a run that fails outside its tests counts as one failure', () => {
  const none = { passed: 0, failed: 0, skipped: 0 };
  expect(countRun(1, undefined)).toEqual({ ...none, failed: 1 });
  expect(countRun(1, { passed: 3, failed: 0, skipped: 0 })).toEqual({ passed: 3, failed: 1, skipped: 0 });
  expect(countRun(1, { passed: 3, failed: 2, skipped: 0 })).toEqual({ passed: 3, failed: 2, skipped: 0 });
  expect(countRun(0, { passed: 3, failed: 0, skipped: 1 })).toEqual({ passed: 3, failed: 0, skipped: 1 });
});

interface InstallOptions {
  readonly npmTakesMs?: number;
  readonly npmFails?: boolean;
  /** Sent as soon as npm runs. */
  readonly stopWith?: NodeJS.Signals;
}

type Project = ReturnType<typeof createProject>;

function createProject() {
  const root = mkdtempSync(join(tmpdir(), 'auth-sessions-bootstrap-'));
  const path = (name: string) => join(root, name);
  const read = (name: string) => (existsSync(path(name)) ? readFileSync(path(name), 'utf8') : '');
  const writeLock = (version: string) =>
    writeFileSync(
      path('package-lock.json'),
      JSON.stringify({ packages: { '': {}, 'node_modules/a': { version } } }),
    );
  writeFileSync(path('package.json'), JSON.stringify({ engines: { node: '>=20.19' } }));
  writeFileSync(path('npm-cli.js'), npmScript);
  writeLock('1.0.0');

  async function install({ npmTakesMs = 0, npmFails = false, stopWith }: InstallOptions = {}) {
    rmSync(path('npm-pid'), { force: true });
    const child = spawn(process.execPath, ['--input-type=module', '-e', installScript], {
      cwd: root,
      env: {
        ...process.env,
        npm_execpath: path('npm-cli.js'),
        NPM_TAKES_MS: String(npmTakesMs),
        NPM_FAILS: npmFails ? '1' : '',
      },
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
    const closed = new Promise<number | null>((resolve) => child.on('close', resolve));
    if (stopWith) {
      await expect.poll(() => read('npm-pid')).not.toBe('');
      child.kill(stopWith);
    }
    return { code: await closed, output, npmIsAlive: isAlive(Number(read('npm-pid'))) };
  }

  function playwright(args: readonly string[], env: NodeJS.ProcessEnv) {
    symlinkSync(join(repository, 'node_modules'), path('node_modules'), 'junction');
    const cli = path('node_modules/@playwright/test/cli.js');
    return spawnSync(process.execPath, [cli, 'test', ...args], {
      cwd: root,
      env: { ...process.env, FORCE_COLOR: '0', ...env },
      encoding: 'utf8',
    });
  }

  return {
    root,
    writeLock,
    install,
    playwright,
    npmCalls: () => read('npm-calls').split('\n').filter(Boolean),
  };
}

function isAlive(pid: number): boolean {
  if (!pid) return false;
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

const repository = join(import.meta.dirname, '../..');

const npmScript = `
  const { appendFileSync, copyFileSync, mkdirSync, writeFileSync } = require('node:fs');
  appendFileSync('npm-calls', process.argv.slice(2).join(' ') + '\\n');
  writeFileSync('npm-pid', String(process.pid));
  setTimeout(() => {
    if (process.env.NPM_FAILS) process.exit(3);
    mkdirSync('node_modules', { recursive: true });
    copyFileSync('package-lock.json', 'node_modules/.package-lock.json');
  }, Number(process.env.NPM_TAKES_MS));`;

const installScript = `
  const load = (name) => import(${JSON.stringify(pathToFileURL(join(repository, 'tests/run/')).href)} + name);
  const { stopOnSignals } = await load('command.mjs');
  const { ensurePackages } = await load('packages.mjs');
  const { explain } = await load('bootstrap.mjs');
  stopOnSignals();
  try {
    await ensurePackages({ root: process.cwd() });
  } catch (error) {
    console.error(explain(error));
    process.exitCode = 1;
  }`;
