import { expect, test } from '@playwright/test';
import { AuthSessionsError } from '../../src/core/errors.js';
import type { Lease, SessionStore } from '../../src/core/ports.js';
import { withLease } from '../../src/session/with-lease.js';
import { createMemoryStore } from '../../src/store/memory.js';
import { createFakeClock, settle } from '../support/fake-clock.js';
import { createGate, errorOf, stopped } from '../support/session-bench.js';

test('gives what the work gives, and gives the lease back', async () => {
  const { run, store, clock } = createBench();
  expect(await run(() => Promise.resolve('done'))).toBe('done');
  expect(await store.tryLease('name', 1)).toBeDefined();
  expect(clock.sleepers()).toBe(0);
});

test('lets one work at a time', async () => {
  const { run, clock } = createBench();
  let working = 0;
  const work = async () => {
    expect((working += 1)).toBe(1);
    await clock.sleep(1000);
    working -= 1;
  };
  await clock.runUntil(Promise.all(Array.from({ length: 5 }, () => run(work))));
});

test('releases the lease when the work fails, and throws its error', async () => {
  const { run, store } = createBench();
  const error = new Error('no');
  expect(await errorOf(run(() => Promise.reject(error)))).toBe(error);
  expect(await store.tryLease('name', 1)).toBeDefined();
});

test('keeps the result when the lease cannot be given back', async () => {
  const { run } = createBench({ release: () => Promise.reject(new Error('full')) });
  expect(await run(() => Promise.resolve('done'))).toBe('done');
  const error = new Error('the work itself');
  expect(await errorOf(run(() => Promise.reject(error), 'other'))).toBe(error);
});

test('extends the lease nine times in its time, for as long as the work takes', async () => {
  const extensions: number[] = [];
  const { run, clock, store } = createBench({
    extend: (ttlMs, lease) => {
      extensions.push(ttlMs);
      return lease.extend(ttlMs);
    },
  });
  const gate = createGate();
  const running = run(() => gate.passed);
  await clock.advance(60_000);
  expect(extensions).toEqual(Array.from({ length: 12 }, () => 45_000));
  expect(await store.tryLease('name', 1)).toBeUndefined();
  gate.open();
  await running;
  await clock.advance(60_000);
  expect(extensions).toHaveLength(12);
});

test('goes on extending when it could not once', async () => {
  let tries = 0;
  const { run, clock, store } = createBench({
    extend: (ttlMs, lease) => ((tries += 1) === 1 ? Promise.reject(new Error('full')) : lease.extend(ttlMs)),
  });
  const gate = createGate();
  const running = run(() => gate.passed);
  await clock.advance(60_000);
  expect(await store.tryLease('name', 1)).toBeUndefined();
  gate.open();
  await running;
});

test('stops extending when the lease has passed to another owner', async () => {
  let tries = 0;
  const { run, clock } = createBench({ extend: () => Promise.resolve((tries += 1) === 0) });
  const gate = createGate();
  const running = run(() => gate.passed);
  await clock.advance(60_000);
  expect(tries).toBe(1);
  gate.open();
  await running;
});

test('waits five minutes for another owner, and then names it', async () => {
  const { run, clock, store } = createBench();
  await store.tryLease('name', 3_600_000);
  const startMs = clock.nowMs();
  const error = await errorOf(clock.runUntil(run(() => Promise.resolve())));
  expect(clock.nowMs() - startMs).toBe(300_000);
  expect(error.message).toBe(
    'Session "admin" was in use by another run for 300 s. That run holds its lease in the store (memory). ' +
      'Wait for that run to end, or stop it. [ERR_SESSION_BUSY]',
  );
});

test('waits as long when the clock is set a day back or ahead meanwhile', async () => {
  for (const jumpMs of [-86_400_000, 86_400_000]) {
    const clock = createFakeClock();
    let tries = 0;
    const tryLease = () => {
      tries += 1;
      if (tries === 100) clock.pass(jumpMs);
      return Promise.resolve(undefined);
    };
    const store = { ...createMemoryStore({ clock }), tryLease };
    const { signal } = new AbortController();
    const waiting = withLease({ store, clock, signal, name: 'x', leaseMs: 1, session: 'admin' }, () =>
      Promise.resolve(),
    );
    expect(await errorOf(clock.runUntil(waiting))).toMatchObject({ code: 'ERR_SESSION_BUSY' });
    expect(tries * 150).toBe(300_000);
  }
});

test('waits no longer when the run stops, and does not begin then', async () => {
  const { run, store, stop, clock } = createBench();
  await store.tryLease('name', 3_600_000);
  const waiting = errorOf(run(() => Promise.resolve()));
  await settle();
  stop.abort(stopped());
  expect(await waiting).toMatchObject({ code: 'ERR_STOPPED' });
  expect(await errorOf(run(() => Promise.reject(new Error('begun')), 'other'))).toMatchObject({
    code: 'ERR_STOPPED',
  });
  expect(clock.sleepers()).toBe(0);
});

test('reports a store that gives no lease', async () => {
  const failure = new AuthSessionsError('ERR_STORE_UNWRITABLE', { failed: 'Full.', next: 'Make room.' });
  const { run } = createBench({ claim: () => Promise.reject(failure) });
  expect(await errorOf(run(() => Promise.resolve()))).toBe(failure);
});

interface Faults {
  readonly claim?: () => Promise<never>;
  readonly extend?: (ttlMs: number, lease: Lease) => Promise<boolean>;
  readonly release?: () => Promise<void>;
}

function createBench({ claim, extend, release }: Faults = {}) {
  const clock = createFakeClock();
  const memory = createMemoryStore({ clock });
  const stop = new AbortController();
  const store: SessionStore = {
    ...memory,
    async tryLease(...args) {
      await claim?.();
      const lease = await memory.tryLease(...args);
      return (
        lease && {
          extend: (ttlMs) => (extend ? extend(ttlMs, lease) : lease.extend(ttlMs)),
          release: () => (release ? release() : lease.release()),
        }
      );
    },
  };
  const run = <Result>(work: () => Promise<Result>, name = 'name') =>
    withLease({ store, clock, signal: stop.signal, name, leaseMs: 45_000, session: 'admin' }, work);
  return { run, store, clock, stop };
}
