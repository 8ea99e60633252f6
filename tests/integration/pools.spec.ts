import { expect, test } from '@playwright/test';
import { createAccountsProject } from '../support/accounts-project.js';
import { createAccountsSite, type AccountsSite } from '../support/accounts-site.js';
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
            tests: {
              'exclusive.spec.ts': workTests('solo', 60),
              'pool.spec.ts': workTests('customer', 24, { account: 'pool' }),
            },
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
          expect(retry).toBe(1);
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
        const answer = await request.get('/work?by=' + process.env.SHARD + '-' + workerIndex);
        expect(answer.status()).toBe(200);
        ${also}
      });
    test.afterEach(({ authSessions }) => {
      const number = authSessions.account?.number;
      expect('${account}' === 'pool' ? number : number ?? 0).toBe('${account}' === 'pool' ? number : 0);
    });`;
}
