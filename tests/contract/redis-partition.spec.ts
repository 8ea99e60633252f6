import { expect, test } from '@playwright/test';
import type { SessionStore } from '../../src/core/ports.js';
import { createRedisStore } from '../../src/store/redis/redis-store.js';
import { freePort } from '../support/ports.js';
import { withConnection, withShortFolder } from '../support/redis/redis-fixtures.js';
import { requireRedisServer, startRedisServer } from '../support/redis/redis-server.js';
import { startChild, withChildren } from '../support/store/node-child.js';
import { systemClock } from '../support/store/system-clock.js';
import { withTwoMachines } from '../support/two-machines.js';

test.beforeEach(() => requireRedisServer());

/** Shorter than in a run, as are the times of the child's connection. */
const leaseMs = 6000;

test('a machine whose cable is out for less than the lease keeps it, and stops in time when it is out for longer', async () => {
  await withTwoMachines(async ({ addresses, inside, unplug, plugIn }) => {
    await withShortFolder(async (folder) => {
      const port = await freePort();
      const settings = ['--port', String(port), '--bind', addresses[0], '--protected-mode', 'no'];
      const redis = await startRedisServer({ folder, settings, inside: inside[0] });
      const prefix = 'auth-sessions:{partition}:';
      const url = `redis://${addresses[0]}:${port}`;
      const holder = startChild('child-redis-holder.ts', [url, prefix, String(leaseMs)], inside[1]);
      try {
        await withChildren([holder], async () => {
          // The test reaches the server by its socket: it is the machine with the good connection.
          await withConnection(redis.url, {}, async (connection) => {
            const store = createRedisStore({ connection, prefix, entryTtlMs: 60_000 });
            expect(await holder.nextMessage()).toBe('held');
            unplug();
            expect(await claimWithin(leaseMs / 3, store)).toBeUndefined();
            plugIn();
            expect(await claimWithin(leaseMs, store)).toBeUndefined();

            unplug();
            const claimedAtMs = await claimWithin(10 * leaseMs, store);
            const { code, actedAtMs } = (await holder.nextMessage()) as { code: string; actedAtMs: number };
            expect(code).toBe('ERR_LEASE_LOST');
            expect(claimedAtMs).toBeGreaterThan(actedAtMs);
          });
        });
      } finally {
        await redis.stop();
      }
    });
  });
});

/** When it got the lease; `undefined` if that took too long. */
async function claimWithin(ms: number, store: SessionStore): Promise<number | undefined> {
  const endMs = Date.now() + ms;
  while (Date.now() < endMs) {
    if (await store.tryLease('sign-in', 60_000)) return Date.now();
    await systemClock.sleep(20);
  }
  return undefined;
}
