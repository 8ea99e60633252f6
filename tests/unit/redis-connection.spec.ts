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

test('a connection that takes longer than the patience of one command serves the next one', async () => {
  const { clock, run, server } = createBench(never);
  await elapsed(run, clock);
  server.connectMs = 8000;
  server.reply = () => Promise.resolve('yes');
  const connections = server.clients;
  for (let asked = 0; asked < 2; asked += 1) expect(await elapsed(run, clock)).toBeLessThanOrEqual(3000);
  expect(await clock.runUntil(run())).toBe('yes');
  expect(server.clients).toBeLessThanOrEqual(connections + 1);
});

test('a connection that is never made is given up, and another one is tried', async () => {
  const { clock, run, server } = createBench(() => Promise.resolve('yes'));
  server.connectMs = Infinity;
  const answer = run();
  await clock.advance(9000);
  expect(server.clients).toBe(1);
  server.connectMs = 0;
  expect(await clock.runUntil(answer)).toBe('yes');
  expect(server.clients).toBe(2);
});

function createBench(reply: () => Promise<unknown>) {
  const clock = createFakeClock();
  const server = { reply, clients: 0, connectMs: 0, startMs: clock.nowMs() };
  const connection = createRedisConnection({
    createClient: () => {
      server.clients += 1;
      return {
        connect: () => (server.connectMs === Infinity ? never() : clock.sleep(server.connectMs)),
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
