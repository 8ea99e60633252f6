import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { openSession, sealSession } from '../../src/core/sealed-session.js';
import type { RedisConnection } from '../../src/store/redis/redis-connection.js';
import { redisPrefix } from '../../src/store/redis/redis-prefix.js';
import { createRedisEvents } from '../../src/store/redis/redis-events.js';
import { createRedisRefusals } from '../../src/store/redis/redis-refusals.js';
import { createRedisSignCounts } from '../../src/store/redis/redis-sign-counts.js';
import { createRedisStore } from '../../src/store/redis/redis-store.js';
import { createRedisUses } from '../../src/store/redis/redis-uses.js';
import { freePort } from '../support/ports.js';
import {
  connectTo,
  withConnection,
  withRedisServer,
  withShortFolder,
} from '../support/redis/redis-fixtures.js';
import { requireRedisServer, startRedisServer, type RedisServer } from '../support/redis/redis-server.js';
import { testExclusiveState } from '../support/store/exclusive-contract.js';
import { refusalAt, testRefusals } from '../support/store/refusals-contract.js';
import { testSessionStore } from '../support/store/session-store-contract.js';
import { systemClock } from '../support/store/system-clock.js';
import { testSignCounts } from '../support/store/sign-counts-contract.js';
import { testUses } from '../support/store/uses-contract.js';

test.describe.configure({ mode: 'default' });

let folder = '';
let server: RedisServer | undefined;
let shared: RedisConnection | undefined;

test.beforeAll(async () => {
  requireRedisServer();
  folder = await mkdtemp(join(tmpdir(), 'r-'));
  server = await startRedisServer({ folder });
  shared = connectTo(server.url);
});

test.afterAll(async () => {
  shared?.close();
  await server?.stop();
  if (folder !== '') await rm(folder, { recursive: true, force: true });
});

const entryTtlMs = 3_600_000;
const newPrefix = () => redisPrefix({ suite: randomUUID(), keyId: 'key' });
const connection: Pick<RedisConnection, 'run'> = {
  run: async (script, keys, args) => {
    if (!shared) throw new Error('no server');
    return shared.run(script, keys, args);
  },
};

testSessionStore('Redis', ({ clock }) =>
  createRedisStore({ connection, prefix: newPrefix(), entryTtlMs, serverNowMs: () => clock.nowMs() }),
);

testExclusiveState('an exclusive state in Redis', ({ clock }) =>
  createRedisStore({ connection, prefix: newPrefix(), entryTtlMs, serverNowMs: () => clock.nowMs() }),
);

testRefusals('refusals in Redis', ({ clock }) =>
  createRedisRefusals({ connection, prefix: newPrefix(), serverNowMs: () => clock.nowMs() }),
);

testSignCounts('signature counters in Redis', () =>
  createRedisSignCounts({ connection, prefix: newPrefix(), entryTtlMs }),
);

test('a signature counter in Redis outlives the states that need it', async () => {
  const prefix = newPrefix();
  const counts = createRedisSignCounts({ connection, prefix, entryTtlMs });
  await counts.reserve('passkey', { after: 0, count: 1 });
  const ttlMs = await connection.run(`return redis.call('PTTL', KEYS[1])`, [`${prefix}sign-count:passkey`]);
  expect(ttlMs).toBeGreaterThan(2 * entryTtlMs - 60_000);
});

test('a signature counter in Redis that was altered is an error', async () => {
  const prefix = newPrefix();
  const counts = createRedisSignCounts({ connection, prefix, entryTtlMs });
  for (const text of ['', 'x', '-5', '1.5', '0x10']) {
    await connection.run(
      `return redis.call('SET', KEYS[1], ARGV[1])`,
      [`${prefix}sign-count:passkey`],
      [text],
    );
    const reserved = counts.reserve('passkey', { after: 0, count: 1 });
    await expect(reserved, text).rejects.toMatchObject({ code: 'ERR_STORE_UNWRITABLE' });
  }
});

testUses('uses in Redis', ({ clock }) =>
  createRedisUses({ connection, prefix: newPrefix(), serverNowMs: () => clock.nowMs() }),
);

const eventOf = (session: string) => ({
  ...{ machine: 'here', session, baseURL: 'https://app.example', durationMs: 7, signIns: 1 },
  outcome: 'created' as const,
  errorCode: undefined,
});
const admins = ['admin', 'admin', 'admin'];

test.describe('the Redis store', () => {
  test('ends a lease by the clock of the server', async () => {
    const store = createRedisStore({ connection, prefix: newPrefix(), entryTtlMs });
    const lease = await store.tryLease('sign-in', 60_000);
    expect(await store.tryLease('sign-in', 60_000)).toBeUndefined();
    expect(await lease?.extend(1)).toBe(true);
    await expect.poll(async () => (await store.tryLease('sign-in', 60_000)) !== undefined).toBe(true);
    expect(await lease?.extend(1000)).toBe(false);
  });

  test('gives every key a time to live', async () => {
    const prefix = newPrefix();
    const store = createRedisStore({ connection, prefix, entryTtlMs });
    const lease = await store.tryLease('sign-in', 1000);
    await store.put('admin', 'sealed', lease && { lease, ttlMs: 1000 });
    await createRedisRefusals({ connection, prefix }).put('one', refusalAt(systemClock));
    await createRedisUses({ connection, prefix }).claim('r', useClaim);
    await createRedisEvents({ connection, prefix }).add(eventOf('admin'));
    const ttls = await connection.run(
      `local found = {} for _, key in ipairs(redis.call('KEYS', KEYS[1])) do found[#found + 1] = redis.call('PTTL', key) end return found`,
      [`${prefix}*`],
    );
    expect(ttls).toHaveLength(7);
    expect((ttls as number[]).every((ttl) => ttl > 0)).toBe(true);
  });

  test('shows a suite nothing of another suite, nor of another store key', async () => {
    const [one, other, rekeyed] = [
      ['shop', 'key-1'],
      ['blog', 'key-1'],
      ['shop', 'key-2'],
    ].map(([suite = '', keyId = '']) =>
      createRedisStore({ connection, prefix: redisPrefix({ suite, keyId }), entryTtlMs }),
    );
    await one?.put('admin', 'sealed');
    expect(await one?.tryLease('sign-in', 60_000)).toBeDefined();
    for (const store of [other, rekeyed]) {
      expect(await store?.get('admin')).toBeUndefined();
      expect(await store?.keys()).toEqual([]);
      expect(await store?.tryLease('sign-in', 60_000)).toBeDefined();
    }
  });

  test('keeps events of all machines for a day, in their order, and leaves out what it cannot read', async () => {
    const prefix = newPrefix();
    let nowMs = 1_800_000_000_000;
    const events = createRedisEvents({ connection, prefix, serverNowMs: () => nowMs });
    const hourMs = 3_600_000;
    await events.add(eventOf('old'));
    nowMs += 23 * hourMs;
    await events.add({ ...eventOf('admin'), machine: 'one' });
    await events.add({ ...eventOf('admin'), machine: 'one' });
    nowMs += 1;
    await events.add({
      ...eventOf('admin'),
      machine: 'two',
      outcome: 'failed',
      errorCode: 'ERR_SIGN_IN_FAILED',
    });
    await connection.run(
      `return redis.call('ZADD', KEYS[1], ARGV[1], '{"session":7}')`,
      [`${prefix}events`],
      [nowMs],
    );
    expect((await events.read(24 * hourMs)).map(({ session }) => session)).toEqual(['old', ...admins]);
    expect(await events.read(hourMs)).toMatchObject([
      { machine: 'one', atMs: nowMs - 1, outcome: 'created', durationMs: 7, signIns: 1 },
      { machine: 'one' },
      { machine: 'two', atMs: nowMs, outcome: 'failed', errorCode: 'ERR_SIGN_IN_FAILED' },
    ]);
    nowMs += 2 * hourMs;
    await events.add(eventOf('admin'));
    expect((await events.read(48 * hourMs)).map(({ session }) => session)).toEqual([...admins, 'admin']);
    expect(await createRedisEvents({ connection, prefix: newPrefix() }).read(hourMs)).toEqual([]);
  });

  test('gives an altered entry back as a miss with a reason', async () => {
    const prefix = newPrefix();
    const store = createRedisStore({ connection, prefix, entryTtlMs });
    const key = { id: 'k', bytes: new Uint8Array(32).fill(7) };
    const state = { playwright: { cookies: [], origins: [] }, sessionStorage: [] };
    const record = { id: 'r', session: 'admin', createdAtMs: 0, checkedAtMs: 0, state };
    const sealed = await sealSession(record, { entryKey: 'admin', key });
    await store.put('admin', sealed);
    expect(await openSession((await store.get('admin')) ?? '', { entryKey: 'admin', key })).toMatchObject({
      ok: true,
    });
    await connection.run(`return redis.call('SETRANGE', KEYS[1], 60, 'xx')`, [`${prefix}entry:admin`]);
    expect(await openSession((await store.get('admin')) ?? '', { entryKey: 'admin', key })).toMatchObject({
      ok: false,
    });
  });

  test('holds a refusal that cannot be read, and not for ever', async () => {
    const prefix = newPrefix();
    await connection.run(`return redis.call('SET', KEYS[1], '{')`, [`${prefix}refusal:one`]);
    const refusals = createRedisRefusals({ connection, prefix });
    expect(await refusals.get('one')).toMatchObject({ session: '?' });
    expect(
      await connection.run(`return redis.call('PTTL', KEYS[1])`, [`${prefix}refusal:one`]),
    ).toBeGreaterThan(0);
  });

  test('ends a refusal by the clock of the server, whatever the clock of the machine says', async () => {
    const refusals = createRedisRefusals({ connection, prefix: newPrefix() });
    for (const hoursOff of [-200, 200]) {
      const clock = { nowMs: () => Date.now() + hoursOff * 3_600_000 };
      await refusals.put('one', refusalAt(clock, { ttlMs: 60_000 }));
      const found = await refusals.get('one');
      expect(found).toMatchObject({ ttlMs: 60_000 });
      expect(Math.abs((found?.atMs ?? 0) - Date.now())).toBeLessThan(60_000);
    }
  });

  test('gives nothing out by an altered record of uses, and names its key', async () => {
    const prefix = newPrefix();
    const uses = createRedisUses({ connection, prefix });
    await uses.claim('r', useClaim);
    const [key = ''] = (await connection.run(`return redis.call('KEYS', KEYS[1])`, [
      `${prefix}uses:*`,
    ])) as string[];
    const entry = { ticket: 't', slot: 1, holder: '{}', since: 1, until: 2, ttl: 3 };
    const altered = [
      '{',
      '5',
      '{"held":{},"waiting":5}',
      '{"held":{"first":{}},"waiting":{}}',
      ...(['ticket', 'slot', 'holder', 'since', 'until', 'ttl'] as const).map((name) =>
        JSON.stringify({ held: [{ ...entry, [name]: true }], waiting: [] }),
      ),
    ].map((text) => [`redis.call('SET', KEYS[1], ARGV[1])`, text] as const);
    for (const [write, text] of [
      ...altered,
      [`redis.call('DEL', KEYS[1]) redis.call('LPUSH', KEYS[1], 'x')`, ''] as const,
    ]) {
      await connection.run(write, [key], [text]);
      const calls = [
        uses.claim('r', useClaim),
        uses.extend('r', 'one', 1000),
        uses.release('r', 'one'),
        uses.read('r'),
        uses.read(),
      ];
      for (const call of calls)
        await expect(call, text).rejects.toMatchObject({
          ...{ code: 'ERR_STORE_UNWRITABLE', message: expect.stringContaining(key) },
        });
    }
  });

  test('means the same when a command is repeated because its answer was lost', async () => {
    const twice: Pick<RedisConnection, 'run'> = {
      run: async (...call) => {
        await connection.run(...call);
        return connection.run(...call);
      },
    };
    const store = createRedisStore({ connection: twice, prefix: newPrefix(), entryTtlMs });
    const lease = await store.tryLease('sign-in', 60_000);
    expect(lease).toBeDefined();
    expect(await lease?.extend(60_000)).toBe(true);
    await lease?.release();
    expect(await store.tryLease('sign-in', 60_000)).toBeDefined();
    const uses = createRedisUses({ connection: twice, prefix: newPrefix() });
    expect(await uses.claim('r', useClaim)).toMatchObject({ slot: 1 });
    expect(await uses.claim('r', { ...useClaim, ticket: 'two' })).toMatchObject({ position: 1 });
    await uses.release('r', 'one');
    expect(await uses.read('r')).toMatchObject([{ held: [], waiting: [{}] }]);
  });
});

test.describe('a Redis server', () => {
  test('a Redis server that restarts loses its data, and a late holder cannot write', async () => {
    await withShortFolder(async (place) => {
      const first = await startRedisServer({ folder: place });
      await withConnection(first.url, { delaysMs: [0, 50, 100, 200, 400, 800, 1600, 3200] }, async (own) => {
        const store = createRedisStore({ connection: own, prefix: newPrefix(), entryTtlMs });
        const late = await store.tryLease('sign-in', 60_000);
        await store.put('admin', 'old');
        await first.stop();
        const asked = store.get('admin');
        const second = await startRedisServer({ folder: place });
        try {
          expect(await asked).toBeUndefined();
          const put = store.put('admin', 'late', late && { lease: late, ttlMs: 60_000 });
          await expect(put).rejects.toMatchObject({ code: 'ERR_LEASE_LOST' });
        } finally {
          await second.stop();
        }
      });
    });
  });

  test('a Redis server that stays away is ERR_STORE_UNREACHABLE after the last attempt', async () => {
    const port = await freePort();
    const url = `redis://somebody:pass-7Hq2@127.0.0.1:${port}`;
    await withConnection(url, { delaysMs: [0, 1] }, async (own) => {
      const error: unknown = await own.run('return 1', []).catch((one: unknown) => one);
      expect(error).toMatchObject({ code: 'ERR_STORE_UNREACHABLE' });
      expect(JSON.stringify([error, String(error)])).not.toMatch(/pass-7Hq2|127\.0\.0\.1/);
      expect(error).not.toHaveProperty('cause');
    });
  });

  test('a Redis server that does not answer is left after the time of an attempt', async () => {
    await withRedisServer([], async ({ url, pid }) => {
      await withConnection(url, { delaysMs: [0], attemptMs: 300 }, async (own) => {
        await own.run('return 1', []);
        process.kill(pid, 'SIGSTOP');
        await expect(own.run('return 1', [])).rejects.toMatchObject({ code: 'ERR_STORE_UNREACHABLE' });
        process.kill(pid, 'SIGCONT');
        await expect.poll(async () => own.run('return 1', []).catch(() => 0)).toBe(1);
      });
    });
  });

  test('a full Redis server keeps what it has, and says so', async () => {
    await withRedisServer(['--maxmemory', '4mb', '--maxmemory-policy', 'noeviction'], async ({ url }) => {
      await withConnection(url, {}, async (own) => {
        const store = createRedisStore({ connection: own, prefix: newPrefix(), entryTtlMs });
        await store.put('admin', 'old');
        const fill = async () => {
          for (let n = 0; n < 20; n++) await store.put(`big-${n}`, 'x'.repeat(500_000));
        };
        await expect(fill()).rejects.toMatchObject({ code: 'ERR_STORE_UNWRITABLE', message: /full/ });
        expect(await store.get('admin')).toBe('old');
      });
    });
  });

  test('needs of its user the commands that the page on stores lists, and no more', async () => {
    const rules = `shop on >secret-9 resetkeys ~auth-sessions:* resetchannels -@all ${commands}`;
    const acl = ['--user', ...rules.split(' ')];
    await withRedisServer(acl, async ({ url }) => {
      await withConnection(url.replace('unix://', 'unix://shop:secret-9@'), {}, async (own) => {
        const store = createRedisStore({ connection: own, prefix: newPrefix(), entryTtlMs });
        const lease = await store.tryLease('sign-in', 60_000);
        await store.put('admin', 'sealed', lease && { lease, ttlMs: 60_000 });
        await store.put('admin', 'sealed');
        expect(await store.keys()).toEqual(['admin']);
        expect(await lease?.extend(1000)).toBe(true);
        await lease?.release();
        await store.remove('admin');
        const refusals = createRedisRefusals({ connection: own, prefix: newPrefix() });
        await refusals.put('one', refusalAt(systemClock));
        expect(await refusals.get('one')).toBeDefined();
        await refusals.remove('one');
        const uses = createRedisUses({ connection: own, prefix: newPrefix() });
        await uses.claim('r', useClaim);
        expect(await uses.extend('r', 'one', 1000)).toBe(true);
        expect(await uses.read()).toHaveLength(1);
        await uses.release('r', 'one');
        const foreign = createRedisStore({ connection: own, prefix: 'other:', entryTtlMs });
        await expect(foreign.get('admin')).rejects.toMatchObject({ code: 'ERR_STORE_UNWRITABLE' });
      });
      const wrong = url.replace('unix://', 'unix://shop:wrong@');
      await withConnection(wrong, {}, async (own) => {
        await expect(own.run('return 1', [])).rejects.toMatchObject({
          code: 'ERR_STORE_UNREACHABLE',
          message: /refused the user or the password/,
        });
      });
    });
  });

  test('with a certificate of a private authority is trusted with caFile alone', async () => {
    await withShortFolder(async (place) => {
      const port = await freePort();
      const [cert, key] = [join(place, 'c.pem'), join(place, 'k.pem')];
      const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
      const request = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
      execFileSync('openssl', [...request, '-days', '2', '-keyout', key, '-out', cert, ...subject], {
        stdio: 'ignore',
      });
      const files = ['--tls-cert-file', cert, '--tls-key-file', key, '--tls-ca-cert-file', cert];
      const settings = ['--tls-port', String(port), ...files, '--tls-auth-clients', 'no'];
      const tls = await startRedisServer({ folder: place, settings, url: `rediss://localhost:${port}` });
      try {
        await withConnection(tls.url, { caFile: cert }, async (own) => {
          expect(await own.run('return 1', [])).toBe(1);
        });
        await withConnection(tls.url, {}, async (own) => {
          await expect(own.run('return 1', [])).rejects.toMatchObject({
            code: 'ERR_STORE_UNREACHABLE',
            message: /not trusted here/,
          });
        });
      } finally {
        await tls.stop();
      }
    });
  });
});

const useClaim = {
  slots: 1,
  ticket: 'one',
  holder: { machine: 'm', process: 1 },
  ttlMs: 60_000,
  waitTtlMs: 60_000,
};

const commands =
  '+hello +eval +time +get +set +del +pttl +pexpire +hget +hmget +hset +zadd +zrem +zrangebyscore +zremrangebyscore';
