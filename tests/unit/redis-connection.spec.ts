import { expect, test } from '@playwright/test';
import { createRedisConnection } from '../../src/store/redis/redis-connection.js';
import { createFakeClock } from '../support/fake-clock.js';
import { errorOf } from '../support/session-bench.js';

const never = () => new Promise<never>(() => undefined);
const refuse = () => Promise.reject(Object.assign(new Error('no'), { code: 'ECONNREFUSED' }));

for (const { title, reply, attempts } of [
  { title: 'hangs', reply: never, attempts: 3 },
  { title: 'refuses connections', reply: refuse, attempts: 20 },
])
  test(`a server that ${title} is given up after half a minute, and then after a moment until it answers`, async () => {
    const { clock, run, server } = createBench(reply);
    expect(await elapsed(run, clock)).toBeLessThanOrEqual(30_000);
    expect(clock.nowMs() - server.startMs).toBeGreaterThan(25_000);
    expect(server.clients).toBeGreaterThanOrEqual(attempts);
    expect(await elapsed(run, clock)).toBeLessThanOrEqual(3000);

    server.reply = () => Promise.resolve('yes');
    expect(await clock.runUntil(run())).toBe('yes');
    server.reply = reply;
    expect(await elapsed(run, clock)).toBeGreaterThan(25_000);
  });

test('a server that answers again is noticed within two seconds', async () => {
  const { clock, run, server } = createBench(refuse);
  const answer = run();
  await clock.advance(20_000);
  server.reply = () => Promise.resolve('yes');
  const backMs = clock.nowMs();
  expect(await clock.runUntil(answer)).toBe('yes');
  expect(clock.nowMs() - backMs).toBeLessThanOrEqual(2000);
});

function createBench(reply: () => Promise<unknown>) {
  const clock = createFakeClock();
  const server = { reply, clients: 0, startMs: clock.nowMs() };
  const connection = createRedisConnection({
    createClient: () => {
      server.clients += 1;
      return {
        connect: () => Promise.resolve(),
        destroy: () => undefined,
        on: () => undefined,
        eval: () => server.reply(),
      };
    },
    clock,
    monotonicMs: () => clock.nowMs(),
  });
  return { clock, server, run: () => connection.run('return 1', []) };
}

/** How long it takes to fail. */
async function elapsed(
  run: () => Promise<unknown>,
  clock: ReturnType<typeof createFakeClock>,
): Promise<number> {
  const startMs = clock.nowMs();
  expect(await errorOf(clock.runUntil(run()))).toMatchObject({ code: 'ERR_STORE_UNREACHABLE' });
  return clock.nowMs() - startMs;
}
