// Holds a lease in Redis as long as it may, and acts under it every few milliseconds: says when it acted last.
import { withLease } from '../../../src/session/with-lease.js';
import { parseRedisUrl } from '../../../src/store/redis/redis-address.js';
import { createRedisClient } from '../../../src/store/redis/redis-client.js';
import { createRedisConnection } from '../../../src/store/redis/redis-connection.js';
import { createRedisStore } from '../../../src/store/redis/redis-store.js';
import { systemClock } from './system-clock.js';

const [url = '', prefix = '', leaseMs = ''] = process.argv.slice(2);
const address = parseRedisUrl(url, 'the URL');
const connection = createRedisConnection({
  createClient: async () => createRedisClient({ address, connectTimeoutMs: 500 }),
  clock: systemClock,
  delaysMs: Array.from({ length: 100 }, () => 100),
  attemptMs: 1000,
  limitMs: 3000,
});
const store = createRedisStore({ connection, prefix, entryTtlMs: 60_000 });
const { signal } = new AbortController();
const options = {
  store,
  clock: systemClock,
  signal,
  name: 'sign-in',
  leaseMs: Number(leaseMs),
  session: 'x',
};
let actedAtMs = 0;

await withLease(options, async (_, hold) => {
  process.send?.('held');
  for (;;) {
    hold.check();
    actedAtMs = Date.now();
    await systemClock.sleep(5);
  }
}).catch((error: unknown) => {
  const code = error instanceof Error && 'code' in error ? error.code : String(error);
  process.send?.({ code, actedAtMs });
});
connection.close();
