import { expect, test } from '@playwright/test';
import type { FlowJob, SessionStore } from '../../src/core/ports.js';
import type { Hold } from '../../src/session/hold.js';
import { leaseMs, withLease } from '../../src/session/with-lease.js';
import { createMemoryStore } from '../../src/store/memory.js';
import { stateOf } from '../support/declared-session.js';
import { createFakeClock } from '../support/fake-clock.js';
import { createGate, createSessionBench, errorOf } from '../support/session-bench.js';

test('a holder that cannot renew its lease stops before anybody else gets the lease', async () => {
  const { clock, store, hold, link } = createBench();
  const { stoppedAt } = watch(hold, clock);
  await clock.advance(12_000);
  link.isUp = false;
  const other = clock.runUntil(takeFrom(store, clock));
  expect(await other).toBeGreaterThan(await stoppedAt);
  await expect(hold.done).rejects.toMatchObject({ code: 'ERR_LEASE_LOST', session: 'admin' });
});

test('a holder keeps its lease through half a minute without its store', async () => {
  for (const startMs of [1, 2500, 4999, 5001]) {
    const { clock, store, hold, link, end } = createBench();
    await clock.advance(startMs);
    link.isUp = false;
    await clock.advance(30_000);
    link.isUp = true;
    for (let second = 0; second < 60; second += 1) {
      await clock.advance(1000);
      expect(await store.tryLease('name', 1000)).toBeUndefined();
    }
    hold.is?.check();
    expect(hold.is?.signal.aborted).toBe(false);
    end();
    await hold.done;
  }
});

test('a holder whose timers are late sends nothing more once its lease is over', async () => {
  const { clock, hold } = createBench();
  await clock.advance(1000);
  hold.is?.check();
  clock.pass(leaseMs);
  expect(hold.is?.signal.aborted).toBe(false);
  expect(() => hold.is?.check()).toThrow(/ERR_LEASE_LOST/);
  await expect(hold.done).rejects.toMatchObject({ code: 'ERR_LEASE_LOST' });
});

test('a holder stops when its lease has passed on', async () => {
  const { clock, store, hold, link } = createBench();
  await clock.advance(1000);
  link.isUp = false;
  clock.pass(leaseMs);
  expect(await store.tryLease('name', 1000)).toBeDefined();
  link.isUp = true;
  await clock.advance(10_000);
  await expect(hold.done).rejects.toMatchObject({ code: 'ERR_LEASE_LOST' });
});

test('work that has ended is not stopped later', async () => {
  const { clock, hold, end } = createBench();
  await clock.advance(1000);
  end();
  await hold.done;
  await clock.advance(2 * leaseMs);
  expect(hold.is?.signal.aborted).toBe(false);
  expect(clock.sleepers()).toBe(0);
});

test('a sign-in that lost its lease ends, and its session is the one that the next holder stored', async () => {
  const link = { isUp: true };
  const other = createSessionBench({ name: 'other' });
  const store = (memory: SessionStore) => unplugged(memory, link);
  const cutOff = createSessionBench({ sharing: other, store, name: 'cut-off' });
  const { clock } = cutOff;
  const signals: AbortSignal[] = [];
  cutOff.flows.create = ({ signal }) => hang(signals, signal);
  const first = cutOff.acquire();
  await clock.advance(1000);
  link.isUp = false;
  const second = other.acquire();
  await clock.advance(leaseMs);
  expect((await second).state).toEqual(stateOf('other-1'));
  expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
  link.isUp = true;
  expect((await clock.runUntil(first)).state).toEqual(stateOf('other-1'));
  expect([cutOff.creates.length, other.creates.length]).toEqual([1, 1]);
  expect(cutOff.events[0]).toMatchObject({ outcome: 'restored', signIns: 1 });
  expect(cutOff.events[0]?.notes.join()).toContain('its lease was lost');
});

test('a sign-in that loses the lease on its account ends too, and is tried again', async () => {
  const link = { isUp: true };
  const bench = createSessionBench({
    store: (memory) => unplugged(memory, link, (name) => name.startsWith('account:')),
  });
  bench.credentials = () =>
    Promise.resolve({ values: { username: 'ada' }, nextCode: () => Promise.resolve('1') });
  const signals: AbortSignal[] = [];
  const jobs: FlowJob[] = [];
  bench.flows.create = (job) => {
    jobs.push(job);
    return jobs.length === 1 ? hang(signals, job.signal) : Promise.resolve(stateOf('again'));
  };
  const acquired = bench.acquire();
  await bench.clock.advance(1000);
  link.isUp = false;
  await bench.clock.advance(leaseMs);
  link.isUp = true;
  expect((await bench.clock.runUntil(acquired)).state).toEqual(stateOf('again'));
  expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
  expect(() => jobs[0]?.mayGoOn?.()).toThrow(/ERR_LEASE_LOST/);
});

test('a session whose lease is lost again and again is an error, and not remembered', async () => {
  const link = { isUp: false, mayClaim: true };
  const bench = createSessionBench({ store: (memory) => unplugged(memory, link) });
  bench.flows.create = ({ signal }) => hang([], signal);
  const error = await errorOf(bench.clock.runUntil(bench.acquire()));
  expect(error).toMatchObject({ code: 'ERR_LEASE_LOST' });
  expect(bench.creates).toHaveLength(3);
  bench.flows.create = () => Promise.resolve(stateOf('later'));
  expect((await bench.take()).state).toEqual(stateOf('later'));
});

/** Leases that cannot be claimed, extended or released while the link is down. */
function unplugged(
  memory: SessionStore,
  link: { isUp: boolean; mayClaim?: boolean },
  concerns: (name: string) => boolean = () => true,
): SessionStore {
  return {
    ...memory,
    async tryLease(name, ...rest) {
      if (!link.isUp && link.mayClaim !== true && concerns(name)) return undefined;
      const lease = await memory.tryLease(name, ...rest);
      if (!lease || !concerns(name)) return lease;
      const whenUp = async <Result>(act: () => Promise<Result>) =>
        link.isUp ? act() : Promise.reject(new Error('no route'));
      return {
        extend: (ttlMs) => whenUp(() => lease.extend(ttlMs)),
        release: () => whenUp(() => lease.release()),
      };
    },
  };
}

function createBench() {
  const clock = createFakeClock();
  const link = { isUp: true };
  const memory = createMemoryStore({ clock });
  const store = unplugged(memory, link);
  const gate = createGate();
  const hold: { is?: Hold; done: Promise<void> } = { done: Promise.resolve() };
  const { signal } = new AbortController();
  const options = { store, clock, signal, name: 'name', leaseMs, session: 'admin' };
  hold.done = withLease(options, async (_, given) => {
    hold.is = given;
    given.signal.addEventListener('abort', () => gate.fail(given.signal.reason as Error));
    await gate.passed;
  });
  hold.done.catch(() => undefined);
  return { clock, store: memory, hold, link, end: () => gate.open() };
}

function watch(hold: { done: Promise<void> }, clock: { nowMs(): number }) {
  const stoppedAt = hold.done.then(
    () => NaN,
    () => clock.nowMs(),
  );
  return { stoppedAt };
}

/** Asks every 100 ms, and answers when it got the lease. */
async function takeFrom(store: SessionStore, clock: ReturnType<typeof createFakeClock>): Promise<number> {
  while (!(await store.tryLease('name', 1000))) await clock.sleep(100);
  return clock.nowMs();
}

function hang(signals: AbortSignal[], signal: AbortSignal): Promise<never> {
  signals.push(signal);
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error));
  });
}
