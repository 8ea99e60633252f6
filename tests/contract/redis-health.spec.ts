import { expect, test } from '@playwright/test';
import { openRedisStore } from '../../src/store/redis/open-redis-store.js';
import type { RedisHealth } from '../../src/store/redis/redis-health.js';
import { withShortFolder } from '../support/redis/redis-fixtures.js';
import { requireRedisServer, startRedisServer } from '../support/redis/redis-server.js';
import { systemClock } from '../support/store/system-clock.js';

test.beforeEach(() => requireRedisServer());

test('reads the eviction policy, the append-only file and the clock of a server', async () => {
  const kept = await healthOf(['--appendonly', 'yes', '--maxmemory-policy', 'noeviction']);
  expect(kept).toMatchObject({ evictionPolicy: 'noeviction', hasAppendOnlyFile: true, isInClear: false });
  expect(kept.latencyMs).toBeGreaterThanOrEqual(0);
  expect(Math.abs(kept.clockAheadMs)).toBeLessThan(1000);
  const lost = await healthOf(['--appendonly', 'no', '--maxmemory-policy', 'allkeys-lru']);
  expect(lost).toMatchObject({ evictionPolicy: 'allkeys-lru', hasAppendOnlyFile: false });
});

test('knows neither policy nor persistence where the user may not run INFO', async () => {
  const health = await healthOf(['--user', 'default', 'on', 'nopass', '~*', '+@all', '-info']);
  expect(health).toMatchObject({ evictionPolicy: undefined, hasAppendOnlyFile: undefined });
  expect(health.latencyMs).toBeGreaterThanOrEqual(0);
});

async function healthOf(settings: readonly string[]): Promise<RedisHealth> {
  return withShortFolder(async (folder) => {
    const server = await startRedisServer({ folder, settings });
    try {
      const opened = await openRedisStore({
        settings: {},
        url: server.url,
        urlFrom: 'the test',
        suiteFolder: folder,
        keyId: 'k1',
        entryTtlMs: 60_000,
        clock: systemClock,
        onWarning: () => undefined,
      });
      if (!opened) throw new Error('the store did not open');
      try {
        return await opened.health();
      } finally {
        await opened.close();
      }
    } finally {
      await server.stop();
    }
  });
}
