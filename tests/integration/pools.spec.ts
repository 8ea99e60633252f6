import { expect, test } from '@playwright/test';
import { createAccountsProject } from '../support/accounts-project.js';
import { createAccountsSite, type AccountsSite } from '../support/accounts-site.js';
import { brokerOf } from '../support/broker-of.js';
import { testStoreKey } from '../support/command-line.js';
import type { NestedProject } from '../support/nested-run.js';
import { withShortFolder } from '../support/redis/redis-fixtures.js';
import { requireRedisServer, startRedisServer } from '../support/redis/redis-server.js';

test.describe.configure({ timeout: 300_000 });

test('three shards on one Redis lose no single-use token in 60 tests, and no account has two workers', async () => {
  requireRedisServer();
  await withShortFolder(async (folder) => {
    const redis = await startRedisServer({ folder });
    const site = await createAccountsSite();
    const shards: NestedProject[] = [];
    try {
      for (const _ of [1, 2, 3])
        shards.push(
          await createAccountsProject(site, {
            accounts: 4,
            // Shards are cut in the order of the files: each has both kinds.
            tests: Object.fromEntries(
              [1, 2, 3].flatMap((part) => [
                [`${part}-exclusive.spec.ts`, workTests('solo', 20)],
                [`${part}-pool.spec.ts`, workTests('customer', 8, { account: 'pool' })],
              ]),
            ),
          }),
        );
      const env = { AUTH_SESSIONS_KEY: testStoreKey, AUTH_SESSIONS_STORE_URL: redis.url };
      const runs = await Promise.all(
        shards.map((shard, index) =>
          shard.run([`--shard=${index + 1}/3`, '--workers=2'], { env: { ...env, SHARD: String(index + 1) } }),
        ),
      );
      for (const run of runs) expect(run.exitCode, run.output).toBe(0);
      expect(site.refused).toBe(0);
      expect(site.signIns.get('solo')).toBe(1);
      expect(site.work.filter(({ account }) => account === 'solo')).toHaveLength(60);
      const accounts = [1, 2, 3, 4].map((number) => `pool-${number}`);
      expect(site.work.filter(({ account }) => accounts.includes(account))).toHaveLength(24);
      for (const account of accounts) {
        expect(site.signIns.get(account) ?? 0).toBeLessThanOrEqual(1);
        const turns = turnsOf(site, account);
        expect(turns, account).toEqual([...new Set(turns)]);
      }
      expect(site.mostAtOnce.has('pool-2')).toBe(true);
      expect(new Set(site.mostAtOnce.values())).toEqual(new Set([1]));
    } finally {
      for (const shard of shards) await shard.remove();
      await site.close();
      await redis.stop();
    }
  });
});

test('a pool with fewer accounts than workers is a wait that says who has the account, and a retry keeps its account', async () => {
  const site = await createAccountsSite();
  const project = await createAccountsProject(site, {
    accounts: 1,
    tests: {
      'one.spec.ts': workTests('customer', 2, {
        account: 'pool',
        also: 'await new Promise((end) => setTimeout(end, 3000));',
      }),
      'two.spec.ts': workTests('customer', 2, { account: 'pool' }),
      'retry.spec.ts': `
        import { expect, test } from '@auth';
        test.use({ authSession: 'customer' });
        test('fails once', async ({ authSessions }, { retry }) => {
          expect(authSessions.account).toEqual({ pool: 'customer', number: 1, of: 1 });
          expect(authSessions.accountOf('customer')).toEqual(authSessions.account);
          expect(retry).toBe(1);
        });
        test.describe('signed out', () => {
          test.use({ authSession: null });
          test('asks for an account', async ({ authSessions }) => {
            expect(authSessions.accountOf('customer')).toBeUndefined();
            await authSessions.newPage('customer');
            expect(authSessions.accountOf('customer')).toEqual({ pool: 'customer', number: 1, of: 1 });
            expect(authSessions.account).toBeUndefined();
            await authSessions.storageState('few');
            expect(authSessions.accountOf('few')).toBeUndefined();
          });
        });`,
    },
  });
  try {
    const run = await project.run(['--workers=2', '--retries=1', '--timeout=5000']);
    expect(run.exitCode, run.output).toBe(0);
    expect(site.signIns.get('pool-1')).toBe(1);
    const turns = turnsOf(site, 'pool-1');
    expect(turns).toEqual([...new Set(turns)]);
    expect(run.output).toContain('1 flaky');
    expect(run.output).toMatch(
      /Worker \d+ waits for an account of "customer", as number 1: held by worker \d+ on \S+ for \d+ s/,
    );
  } finally {
    await project.remove();
    await site.close();
  }
});

test('a session for two has two tests at a time, and the others wait', async () => {
  await withProject(
    {
      'few.spec.ts': `
        import { existsSync } from 'node:fs';
        import { expect, test } from '@auth';
        test.use({ authSession: 'few' });
        for (let n = 1; n <= 8; n += 1)
          test('works ' + n, async ({ request }, { workerIndex }) => {
            expect((await request.get('/begin?by=' + workerIndex)).status()).toBe(200);
            await expect.poll(() => existsSync('release'), { timeout: 60_000 }).toBe(true);
            expect((await request.get('/end?by=' + workerIndex)).status()).toBe(200);
          });`,
    },
    async ({ site, project }) => {
      const run = project.start(['--workers=4', '--timeout=90000']);
      const waits =
        /Worker \d+ waits for session "few", as number (\d): held by 1: worker \d+ \S+ \S+ for \d+ s, 2: worker/;
      await run.waitFor(waits);
      // The second one has its use, and may not have begun to work.
      await expect.poll(() => site.mostAtOnce.get('few'), { timeout: 120_000 }).toBe(2);
      await project.write({ release: '' });
      const { exitCode, output } = await run.ended;
      expect(exitCode, output).toBe(0);
      expect(site.mostAtOnce.get('few')).toBe(2);
      expect(site.signIns.get('few')).toBe(1);
    },
  );
});

test('a broker that is killed loses no account and no exclusive session of its workers', async () => {
  test.skip(process.platform === 'win32', 'ps and signals are POSIX');
  const other = (session: string) => `
    import { expect, test } from '@auth';
    import { existsSync } from 'node:fs';
    test.use({ authSession: '${session}' });
    while (process.env.TEST_WORKER_INDEX && !existsSync('begun')) await new Promise((next) => setTimeout(next, 50));
    test('comes after', async ({ request }, { workerIndex }) => {
      for (const step of ['/begin', '/end'])
        expect((await request.get(step + '?by=' + workerIndex)).status()).toBe(200);
    });`;
  await withProject(
    {
      '1.spec.ts': `
        import { existsSync, writeFileSync } from 'node:fs';
        import { expect, test } from '@auth';
        test.use({ authSession: 'customer' });
        test('has both', async ({ request, authSessions, credentials }) => {
          const { request: solo } = await authSessions.newContext('solo');
          for (const one of [request, solo]) expect((await one.get('/begin?by=first')).status()).toBe(200);
          writeFileSync('begun', '');
          await expect.poll(() => existsSync('release'), { timeout: 120_000 }).toBe(true);
          const { account } = authSessions;
          await authSessions.storageState('customer');
          expect(authSessions.accountOf('customer')).toEqual(account);
          expect(await credentials('customer')).toMatchObject({ username: 'name-of-pool-' + account.number });
          for (const one of [request, solo]) expect((await one.get('/end?by=first')).status()).toBe(200);
        });`,
      ...{ '2.spec.ts': other('solo'), '3.spec.ts': other('customer') },
    },
    async ({ site, project }) => {
      const run = project.start(['--workers=3', '--timeout=150000']);
      const bothWait = /waits for (session "solo"|an account)[^]*waits for (?!\1)(session "solo"|an account)/;
      await run.waitFor(bothWait);
      process.kill(brokerOf(run), 'SIGKILL');
      await run.waitFor(/is restarted/);
      await run.waitFor(new RegExp(`is restarted[^]*${bothWait.source}`));
      await project.write({ release: '' });
      const { exitCode, output } = await run.ended;
      expect(exitCode, output).toBe(0);
      expect(Object.fromEntries(site.mostAtOnce)).toEqual({ solo: 1, 'pool-1': 1 });
      expect(site.signIns.get('pool-1')).toBe(1);
    },
  );
});

async function withProject(
  tests: Readonly<Record<string, string>>,
  run: (made: { readonly site: AccountsSite; readonly project: NestedProject }) => Promise<void>,
): Promise<void> {
  const site = await createAccountsSite();
  const project = await createAccountsProject(site, { accounts: 1, tests });
  try {
    await run({ site, project });
  } finally {
    await project.remove();
    await site.close();
  }
}

/** The workers that had an account, one after another. */
function turnsOf({ work }: AccountsSite, account: string): string[] {
  const all = work.filter((one) => one.account === account).map(({ by }) => by);
  return all.filter((by, index) => by !== all[index - 1]);
}

function workTests(session: string, count: number, { account = session, also = '' } = {}): string {
  return `
    import { expect, test } from '@auth';
    test.use({ authSession: '${session}' });
    for (let n = 1; n <= ${count}; n += 1)
      test('works ' + n, async ({ request, authSessions }, { workerIndex }) => {
        const by = '?by=' + process.env.SHARD + '-' + workerIndex;
        for (const step of ['/begin', '/work']) expect((await request.get(step + by)).status()).toBe(200);
        ${also}
        expect((await request.get('/end' + by)).status()).toBe(200);
      });
    test.afterEach(({ authSessions }) => {
      const number = authSessions.account?.number;
      expect('${account}' === 'pool' ? number : number ?? 0).toBe('${account}' === 'pool' ? number : 0);
    });`;
}
