import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { createClient } from '@redis/client';
import type { StoreClient, StoreOptions } from '../../src/core/store-options.js';
import { openRedisStore, type OpenedRedisStore } from '../../src/store/redis/open-redis-store.js';
import { freePort } from '../support/ports.js';
import { withShortFolder } from '../support/redis/redis-fixtures.js';
import { requireRedisServer, startRedisServer, type RedisServer } from '../support/redis/redis-server.js';
import { systemClock } from '../support/store/system-clock.js';

test.beforeEach(() => requireRedisServer());

test('keeps sessions, leases and uses in a Cluster of six, as a user with few rights', async () => {
  test.slow();
  await withServers(async ({ start }) => {
    const hosts: string[] = [];
    for (let node = 0; node < 6; node++) {
      const port = await freePort();
      hosts.push(`127.0.0.1:${port}`);
      const bus = ['--cluster-enabled', 'yes', '--cluster-port', String(await freePort())];
      await start(`node-${node}`, ['--port', String(port), ...bus, '--user', ...rules.split(' ')]);
    }
    const create = ['--cluster', 'create', ...hosts, '--cluster-replicas', '1', '--cluster-yes'];
    execFileSync('redis-cli', create, { stdio: 'ignore' });
    const opened = await open(`redis://shop:secret-9@${hosts.join(',')}`, { cluster: true });
    try {
      await useStore(opened);
    } finally {
      await opened?.close();
    }
  });
});

test('follows a failover that Sentinels with a password make, and keeps what was copied', async () => {
  test.slow();
  await withServers(async ({ folder, start, alsoStop }) => {
    const [port, replicaPort, sentinelPort] = [await freePort(), await freePort(), await freePort()];
    const main = await start('main', ['--port', String(port)]);
    await start('replica', ['--port', String(replicaPort), '--replicaof', '127.0.0.1', String(port)]);
    const conf = join(folder, 'sentinel.conf');
    const settings = [
      `monitor mymaster 127.0.0.1 ${port} 1`,
      'down-after-milliseconds mymaster 500',
      'failover-timeout mymaster 3000',
    ];
    const own = `requirepass ${sentinelPassword}`;
    writeFileSync(
      conf,
      [`port ${sentinelPort}`, own, ...settings.map((one) => `sentinel ${one}`), ''].join('\n'),
    );
    const sentinel = spawn('redis-server', [conf, '--sentinel'], { stdio: 'ignore' });
    alsoStop(async () => {
      sentinel.kill('SIGKILL');
      if (sentinel.exitCode === null && sentinel.signalCode === null) await once(sentinel, 'exit');
    });
    const ask = (...words: string[]) =>
      execFileSync('redis-cli', ['-p', String(sentinelPort), ...words], {
        encoding: 'utf8',
        env: { ...process.env, REDISCLI_AUTH: sentinelPassword },
      });
    const knowsReplica = () => ask('sentinel', 'replicas', 'mymaster').includes(String(replicaPort));
    await expect.poll(() => tryTo(knowsReplica), { timeout: 60_000 }).toBe(true);
    const login = `?sentinel=:${encodeURIComponent(sentinelPassword)}`;
    const opened = await open(`redis://127.0.0.1:${sentinelPort}${login}`, { sentinel: 'mymaster' });
    try {
      await useStore(opened);
      expect(await opened?.uses.claim('pool:a', claimOf('before'))).toMatchObject({ slot: 1 });
      const sizeOf = (one: number) =>
        Number(execFileSync('redis-cli', ['-p', String(one), 'dbsize'], { encoding: 'utf8' }));
      const size = sizeOf(port);
      expect(size).toBeGreaterThan(0);
      await expect.poll(() => sizeOf(replicaPort), { timeout: 60_000 }).toBe(size);
      await main.stop();
      expect(await opened?.uses.claim('pool:a', claimOf('after'))).toMatchObject({ position: 1 });
      expect(await opened?.uses.extend('pool:a', 'before', 60_000)).toBe(true);
      expect(await opened?.uses.claim('pool:a', { ...claimOf('before'), onlySlot: 1 })).toMatchObject({
        slot: 1,
      });
      expect(await opened?.store.get('admin')).toBe('sealed');
      await opened?.store.put('editor', 'sealed, too');
      expect(await opened?.store.get('editor')).toBe('sealed, too');
    } finally {
      await opened?.close();
    }
  });
});

test('uses the client that a project makes, and closes it', async () => {
  await withServers(async ({ start, folder }) => {
    await start('main', ['--user', ...rules.split(' ')]);
    const made: { readonly isOpen: boolean }[] = [];
    const client: StoreOptions['client'] = ({ url }) => {
      expect(url).toBe('from the variable');
      const socket = { path: join(folder, 'main', 'r.sock'), tls: false as const };
      const one = createClient({ username: 'shop', password: 'secret-9', disableClientInfo: true, socket });
      made.push(one);
      return one;
    };
    const opened = await open('from the variable', { client });
    await useStore(opened);
    await opened?.close();
    expect(made.map(({ isOpen }) => isOpen)).toEqual([false]);
  });
});

test('a client that cannot be made is reported as a mistake in the sessions file, without the error text', async () => {
  for (const client of [
    () => Promise.reject(new TypeError('secret-9')),
    () => ({ eval: 5 }) as unknown as StoreClient,
  ]) {
    const error: unknown = await open('redis://a', { client }).catch((one: unknown) => one);
    expect(error).toMatchObject({ code: 'ERR_CONFIG_INVALID', message: /store\.client made no client/ });
    expect(String(error)).not.toContain('secret-9');
  }
});

test('releases its leases when it is closed, and no time step that was used', async () => {
  await withServers(async ({ start }) => {
    const { url } = await start('main', []);
    const closing = await open(url, {});
    const lease = await closing?.store.tryLease('sign-in', 60_000);
    await closing?.store.tryLease('step', 60_000, { outlivesHolder: true });
    const onItsWay = closing?.store.tryLease('late', 60_000);
    await closing?.close();
    await onItsWay?.catch(() => undefined);
    await lease?.release();
    const next = await open(url, {});
    try {
      expect(await next?.store.tryLease('sign-in', 60_000)).toBeDefined();
      expect(await next?.store.tryLease('late', 60_000)).toBeDefined();
      expect(await next?.store.tryLease('step', 60_000)).toBeUndefined();
    } finally {
      await next?.close();
    }
  });
});

test('runs on files with a warning when Redis is away, if the project says so', async () => {
  const warnings: string[] = [];
  const url = `redis://user:secret-9@127.0.0.1:${await freePort()}`;
  expect(await open(url, { whenStoreUnavailable: 'local' }, warnings)).toBeUndefined();
  expect(warnings.join()).toContain('does not answer');
  expect(warnings.join()).not.toContain('secret-9');
  await expect(open(url, {})).rejects.toMatchObject({ code: 'ERR_STORE_UNREACHABLE' });
});

async function open(
  url: string,
  settings: StoreOptions,
  warnings: string[] = [],
): Promise<OpenedRedisStore | undefined> {
  return openRedisStore({
    settings,
    url,
    urlFrom: 'the URL',
    suiteFolder: import.meta.dirname,
    keyId: 'key',
    entryTtlMs: 3_600_000,
    clock: systemClock,
    onWarning: (warning) => warnings.push(warning),
  });
}

async function useStore(opened: OpenedRedisStore | undefined): Promise<void> {
  const lease = await opened?.store.tryLease('sign-in', 60_000);
  expect(lease).toBeDefined();
  expect(await opened?.store.tryLease('sign-in', 60_000)).toBeUndefined();
  await opened?.store.put('admin', 'sealed', lease && { lease, ttlMs: 60_000 });
  expect(await opened?.store.get('admin')).toBe('sealed');
  expect(await opened?.store.keys()).toEqual(['admin']);
  await lease?.release();
  const uses = opened?.uses;
  for (const ticket of ['one', 'one'])
    expect(await uses?.claim('r', claimOf(ticket))).toMatchObject({ slot: 1 });
  expect(await uses?.claim('r', claimOf('two'))).toMatchObject({ position: 1 });
  expect(await uses?.extend('r', 'one', 60_000)).toBe(true);
  expect(await uses?.read()).toMatchObject([{ resource: 'r', held: [{}], waiting: [{}] }]);
  await uses?.release('r', 'one');
  expect(await uses?.claim('r', claimOf('two'))).toMatchObject({ slot: 1 });
  await uses?.release('r', 'two');
  expect(await uses?.read()).toEqual([]);
}

function claimOf(ticket: string) {
  return { slots: 1, ticket, holder: { machine: 'm', process: 1 }, ttlMs: 60_000, waitTtlMs: 60_000 };
}

interface Servers {
  readonly folder: string;
  readonly start: (name: string, settings: readonly string[]) => Promise<RedisServer>;
  readonly alsoStop: (stop: () => Promise<void>) => void;
}

async function withServers(run: (servers: Servers) => Promise<void>): Promise<void> {
  await withShortFolder(async (folder) => {
    const stops: (() => Promise<void>)[] = [];
    try {
      await run({
        folder,
        async start(name, settings) {
          mkdirSync(join(folder, name));
          const server = await startRedisServer({ folder: join(folder, name), settings });
          stops.push(async () => server.stop());
          return server;
        },
        alsoStop: (stop) => stops.push(stop),
      });
    } finally {
      for (const stop of stops) await stop();
    }
  });
}

function tryTo(look: () => boolean): boolean {
  try {
    return look();
  } catch {
    return false;
  }
}

const rules =
  'shop on >secret-9 resetkeys ~auth-sessions:* resetchannels -@all +cluster|slots ' +
  '+hello +eval +time +get +set +del +pttl +pexpire +hget +hmget +hset +zadd +zrem +zrangebyscore +zremrangebyscore';

const sentinelPassword = 'pass:of@sentinel-5';
