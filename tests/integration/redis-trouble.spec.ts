import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { createServer, type ServerResponse } from 'node:http';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { runInProcess, startCommand, testStoreKey } from '../support/command-line.js';
import { createConsultationsSite } from '../support/consultations/index.js';
import type { NestedProject } from '../support/nested-run.js';
import { freePort } from '../support/ports.js';
import { withShortFolder } from '../support/redis/redis-fixtures.js';
import { requireRedisServer, startRedisServer } from '../support/redis/redis-server.js';
import {
  consultationsFlow,
  createSignedInProject,
  quickAccounts,
  sessionOf,
} from '../support/signed-in-project.js';
import { listen } from '../support/listen.js';

const { admin, customer } = quickAccounts;

test.describe.configure({ mode: 'parallel', timeout: 300_000 });
test.beforeEach(() => requireRedisServer());

test('a run goes on while Redis is away, has lost its data or is full, and no session signs in twice', async () => {
  await withBench({ tests: { 'run.spec.ts': troubledRun } }, async (bench) => {
    const { project, site, env } = bench;
    const run = project.start([], { env });
    const serve = serveRequests(project, {
      stop: () => bench.redis.stop(),
      start: () => bench.startRedis(),
      fill: () => bench.ask('config', 'set', 'maxmemory', '1'),
      empty: () => bench.ask('config', 'set', 'maxmemory', '0'),
    });
    const { exitCode, output } = await Promise.race([run.ended, serve]);
    expect(exitCode, output).toBe(0);
    expect(output).toContain('6 passed');
    expect([site.signIns(admin.email), site.signIns(customer.email)]).toEqual([2, 1]);

    await test.step('the lost data costs the next run one more sign-in', async () => {
      for (let run = 1; run <= 2; run += 1) {
        const { exitCode: code, stderr } = await runInProcess(['create', 'admin'], bench);
        expect(code, stderr).toBe(0);
        expect(site.signIns(admin.email)).toBe(3);
      }
    });
  });
});

test('the lease of a process that was killed while it signed in passes on at its end, and no earlier', async () => {
  await withBench({ gate: 'opened' }, async ({ project, site, env, gate, ask }) => {
    const [killed, next] = [1, 2].map(() => () => startCommand(['create', 'admin'], { ...project, env }));
    const first = killed!();
    await gate.reached(1);
    first.process.kill('SIGKILL');
    await first.ended;
    const [lease] = leases(ask);
    expect(lease?.leftMs).toBeGreaterThan(30_000);
    expect(lease?.leftMs).toBeLessThanOrEqual(45_000);

    const before = scriptsRun(ask);
    const second = next!();
    await expect.poll(() => scriptsRun(ask), { timeout: 60_000 }).toBeGreaterThan(before + 5);
    expect(site.attempts(admin.email)).toBe(0);
    endLeases(ask);
    await gate.reached(2);
    gate.open();
    const { exitCode, stderr } = await second.ended;
    expect(exitCode, stderr).toBe(0);
    expect([site.signIns(admin.email), site.attempts(admin.email)]).toEqual([1, 1]);
  });
});

test('a command that is stopped with Ctrl-C while it signs in frees its leases at once', async () => {
  await withBench({ gate: 'opened' }, async ({ project, site, env, gate, ask }) => {
    const stopped = startCommand(['create', 'admin'], { ...project, env });
    await gate.reached(1);
    expect(leases(ask)).toHaveLength(2);
    stopped.process.kill('SIGINT');
    expect((await stopped.ended).exitCode).toBe(130);
    expect(leases(ask)).toEqual([]);
    expect(site.attempts(admin.email)).toBe(0);
  });
});

test('a process that was suspended for longer than its lease stores nothing over what came after it', async () => {
  await withBench({ gate: 'signedIn' }, async ({ project, site, env, gate, ask }) => {
    const start = () => startCommand(['create', 'admin', '--json'], { ...project, env });
    const first = start();
    await gate.reached(1);
    try {
      first.process.kill('SIGSTOP');
      endLeases(ask);
      const second = start();
      await gate.reached(2);
      gate.open(2);
      expect((await second.ended).exitCode).toBe(0);
      const stored = () => entries(ask);
      const sealed = stored();
      expect(sealed).toHaveLength(1);
      first.process.kill('SIGCONT');
      gate.open(1);
      const { stdout } = await first.ended;
      expect(stored()).toEqual(sealed);
      expect(stdout).toMatch(/has passed on|its lease was lost/);
      expect(site.signIns(admin.email)).toBe(2);
    } finally {
      // A suspended process outlives a test that fails.
      first.process.kill('SIGKILL');
    }
  });
});

interface BenchOptions {
  readonly tests?: Readonly<Record<string, string>>;
  /** Where the flow waits until the test lets it go on. */
  readonly gate?: 'opened' | 'signedIn';
}

type Bench = Awaited<ReturnType<typeof createBench>>;

async function withBench(options: BenchOptions, run: (bench: Bench) => Promise<void>): Promise<void> {
  await withShortFolder(async (folder) => {
    const bench = await createBench(options, folder);
    try {
      await run(bench);
    } finally {
      await bench.project.remove();
      await bench.site.close();
      await bench.gate.close();
      await bench.redis.stop();
    }
  });
}

async function createBench({ tests = {}, gate: place }: BenchOptions, folder: string) {
  const site = await createConsultationsSite({ accounts: Object.values(quickAccounts) });
  const gate = await createGate();
  const port = await freePort();
  const startServer = () => startRedisServer({ folder, settings: ['--port', String(port)] });
  const wait = `await fetch(${JSON.stringify(gate.url)});`;
  const project = await createSignedInProject({
    siteUrl: site.url,
    tests,
    moreSessions: sessionOf('second', { account: 'admin' }),
    ...(place && {
      files: { 'consultations.ts': await consultationsFlow({ [place]: wait, hasCheck: false }) },
    }),
  });
  const env = {
    AUTH_SESSIONS_KEY: testStoreKey,
    AUTH_SESSIONS_STORE_URL: `redis://127.0.0.1:${port}`,
  };
  const bench = {
    site,
    gate,
    project,
    folder: project.folder,
    env,
    redis: await startServer(),
    startRedis: async () => {
      bench.redis = await startServer();
    },
    ask: (...words: string[]) =>
      execFileSync('redis-cli', ['-p', String(port), ...words], { encoding: 'utf8' }).trim(),
  };
  return bench;
}

/** Requests to it are answered when the test says so. */
async function createGate() {
  const waiting: (ServerResponse | undefined)[] = [];
  const server = createServer((_, response) => waiting.push(response));
  const { url, close } = await listen(server);
  return {
    url,
    reached: (count: number) => expect.poll(() => waiting.length, { timeout: 120_000 }).toBe(count),
    /** All who wait, or the one that came as this. */
    open: (number?: number) =>
      (number === undefined ? waiting : [waiting[number - 1]]).forEach((response) => response?.end()),
    close,
  };
}

type Ask = Bench['ask'];

/** The leases on sessions and accounts; the other claims are used time steps. */
function leases(ask: Ask): { leftMs: number }[] {
  const found = JSON.parse(
    ask(
      'eval',
      `local time = redis.call('TIME') local now = time[1] * 1000 + math.floor(time[2] / 1000)
      local found = {}
      for _, key in ipairs(redis.call('KEYS', 'auth-sessions:*lease:*')) do
        found[#found + 1] = { leftMs = tonumber(redis.call('HGET', key, 'until')) - now } end
      return cjson.encode(found)`,
      '0',
    ),
  ) as unknown;
  return Array.isArray(found) ? (found as { leftMs: number }[]) : [];
}

function scriptsRun(ask: Ask): number {
  return Number(/cmdstat_eval:calls=(\d+)/.exec(ask('info', 'commandstats'))?.[1] ?? 0);
}

/**
 * As if their time had gone by. Used time steps stay used: a claim on one of four seconds is shorter than a lease, which
 * always has half a minute left.
 */
function endLeases(ask: Ask): void {
  const script = `
    local now = redis.call('TIME')[1] * 1000
    for _, key in ipairs(redis.call('KEYS', 'auth-sessions:*lease:*')) do
      if tonumber(redis.call('HGET', key, 'until')) - now > 25000 then redis.call('HSET', key, 'until', 0) end
    end`;
  ask('eval', script, '0');
}

function entries(ask: Ask): string[] {
  const script = `local found = {} for _, key in ipairs(redis.call('KEYS', 'auth-sessions:*entry:*')) do found[#found + 1] = redis.call('GET', key) end return found`;
  return ask('eval', script, '0').split('\n').filter(Boolean);
}

/** Does what the run's tests ask for by files, until it is stopped with the test. */
async function serveRequests(
  { folder }: NestedProject,
  acts: Readonly<Record<string, () => unknown>>,
): Promise<never> {
  for (const [name, act] of Object.entries(acts)) {
    await expect.poll(() => existsSync(path.join(folder, `asked-${name}`)), { timeout: 200_000 }).toBe(true);
    await act();
    await writeFile(path.join(folder, `done-${name}`), '');
  }
  return new Promise(() => undefined);
}

const troubledRun = `
  import { existsSync, writeFileSync } from 'node:fs';
  import { expect, test } from '@auth';
  test.describe.configure({ mode: 'serial' });
  const begin = (what) => writeFileSync('asked-' + what, '');
  const ask = async (what) => {
    begin(what);
    await expect.poll(() => existsSync('done-' + what), { timeout: 60_000 }).toBe(true);
  };
  const isAdmin = async (request) =>
    expect((await (await request.get('/api/me')).json()).email).toContain('admin');
  test.describe('admin', () => {
    test.use({ authSession: 'admin' });
    test('before', async ({ request }) => { await isAdmin(request); await ask('stop'); });
    test('while Redis is away', async ({ request }) => { await isAdmin(request); begin('start'); });
  });
  test('another session waits for Redis', async ({ authSessions }) => {
    expect((await authSessions.storageState('customer')).cookies).not.toEqual([]);
  });
  test.describe('admin', () => {
    test.use({ authSession: 'admin' });
    test('a full Redis', async ({ request, authSessions }) => {
      await ask('fill');
      await isAdmin(request);
      await expect(authSessions.storageState('second')).rejects.toThrow(/ERR_STORE_UNWRITABLE/);
    });
    test('while Redis is full', async ({ request }) => { await isAdmin(request); await ask('empty'); });
  });
  test('the failure is not remembered', async ({ authSessions }) => {
    expect((await authSessions.storageState('second')).cookies).not.toEqual([]);
  });`;
