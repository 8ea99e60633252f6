import { expect, test } from '@playwright/test';
import type { UseAsk, UseStep } from '../../src/session/use-ask.js';
import { createUseDesk, type UseDesk } from '../../src/session/use-desk.js';
import { createMemoryUses } from '../../src/store/memory-uses.js';
import { createFakeClock } from '../support/fake-clock.js';

function createBench() {
  const clock = createFakeClock();
  const uses = createMemoryUses({ clock });
  const dead = new Set<number>();
  const lines: string[] = [];
  const stop = new AbortController();
  const create = () =>
    createUseDesk({
      ...{ uses, clock, signal: stop.signal },
      isAlive: (worker) => !dead.has(worker),
      onWait: (line) => lines.push(line),
    });
  return { clock, uses, dead, lines, desk: create(), create, stop };
}

function ask(worker: number, own: Partial<UseAsk> = {}): UseAsk {
  return {
    resource: 'pool:customer',
    what: 'an account of "customer"',
    session: 'customer',
    slots: 1,
    ticket: `ticket-${worker}-${own.resource ?? ''}`,
    holder: { machine: 'here', process: worker, project: 'chromium', worker },
    worker,
    lane: undefined,
    maxWaitMs: 60_000,
    together: [],
    ...own,
  };
}

function claimOf(ticket: string) {
  const holder = { machine: 'far', process: 7, project: 'firefox', worker: 7 };
  return { slots: 1, ticket, holder, ttlMs: 3_600_000, waitTtlMs: 1000 };
}

async function claim(desk: UseDesk, asked: UseAsk): Promise<UseStep> {
  for (;;) {
    const step = await desk.claim(asked);
    if ('slot' in step) return step;
  }
}

test('a worker keeps its account for as long as it lives, and the next one gets it', async () => {
  const { clock, desk, dead, stop } = createBench();
  expect(await desk.claim(ask(1))).toEqual({ slot: 1 });
  await clock.advance(600_000);
  expect(await desk.claim(ask(1))).toEqual({ slot: 1 });
  const next = claim(desk, ask(2, { maxWaitMs: 3_600_000 }));
  await clock.advance(600_000);
  dead.add(1);
  expect(await clock.runUntil(next)).toEqual({ slot: 1 });
  stop.abort();
});

test('a worker in the place of another gets its account, if it is free', async () => {
  const { desk, dead, stop } = createBench();
  await desk.claim(ask(1, { slots: 3, lane: '0' }));
  expect(await desk.claim(ask(2, { slots: 3, lane: '1' }))).toEqual({ slot: 2 });
  for (const worker of [1, 2]) dead.add(worker);
  expect(await desk.claim(ask(3, { slots: 3, lane: '1' }))).toEqual({ slot: 2 });
  stop.abort();
});

test('the broker after a killed one keeps the account for its worker, in any time', async () => {
  const { clock, desk, uses, create, stop } = createBench();
  await desk.claim(ask(9, { slots: 2 }));
  await desk.claim(ask(1, { slots: 2 }));
  stop.abort();
  const other = new AbortController();
  const later = createUseDesk({
    ...{ uses, clock, signal: other.signal, isAlive: () => true, onWait: () => undefined },
  });
  await clock.advance(40_000);
  const asked = { ...ask(1, { slots: 2 }), slot: 2 };
  expect(await Promise.all([later.claim(asked), later.claim(asked)])).toEqual([{ slot: 2 }, { slot: 2 }]);
  await clock.advance(600_000);
  expect(await later.claim(ask(3, { slots: 2 }))).toEqual({ slot: 1 });
  expect(await uses.claim('pool:customer', claimOf('next'))).toMatchObject({ position: 1 });
  expect(await later.isHeld(asked)).toBe(true);
  expect(await create().isHeld(asked)).toBe(true);
  other.abort();
});

test('a test whose account passed on fails with the name of the holder, and gets no other account', async () => {
  const { clock, desk, create, uses, stop } = createBench();
  const asked = ask(1, { slots: 2 });
  await desk.claim(asked);
  await clock.advance(1000);
  clock.pass(46_000);
  await uses.claim('pool:customer', claimOf('next'));
  for (const broker of [desk, create()]) {
    const error: unknown = await broker.claim({ ...asked, slot: 1 }).catch((one: unknown) => one);
    expect(error).toMatchObject({
      ...{ code: 'ERR_LEASE_LOST', session: 'customer' },
      explanation: {
        failed: 'The test lost its use of an account of "customer".',
        known: expect.stringMatching(/^held by worker 7 of firefox on far for 0 s\. /),
      },
    });
  }
  // The next test of this worker may have another one.
  expect(await desk.claim(asked)).toEqual({ slot: 2 });
  stop.abort();
});

test('a session that another test had in between can be used again, and its old state is not stored', async () => {
  const { clock, desk, create, uses, stop } = createBench();
  const asked = { ...ask(1, { resource: 'session:a' }), slot: 1 };
  await desk.claim(asked);
  clock.pass(46_000);
  await uses.claim('session:a', claimOf('next'));
  await uses.release('session:a', 'next');
  const later = create();
  for (let n = 0; n < 2; n += 1) {
    expect(await later.claim(asked)).toEqual({ slot: 1 });
    expect(await later.isHeld(asked)).toBe(false);
  }
  stop.abort();
});

test('a broker that ends leaves nobody in the queue, and gives back what it is granted late', async () => {
  const { clock, uses, stop } = createBench();
  const late = { slot: (): void => undefined };
  const slow = new Promise<void>((resolve) => (late.slot = resolve));
  const desk = createUseDesk({
    uses: {
      ...uses,
      claim: async (resource, one) => {
        if (resource === 'pool:slow') await slow;
        return uses.claim(resource, one);
      },
    },
    ...{ clock, signal: stop.signal, isAlive: () => true, onWait: () => undefined },
  });
  await desk.claim(ask(1));
  const waiting = claim(desk, ask(2)).catch((error: unknown) => error);
  const onItsWay = [
    desk.claim(ask(3, { resource: 'pool:slow' })),
    desk.claim({ ...ask(4, { resource: 'pool:slow', slots: 2 }), slot: 2 }),
  ].map(async (one) => one.catch((error: unknown) => error));
  await clock.advance(1000);
  expect(await uses.read()).toMatchObject([{ held: [{}], waiting: [{}] }]);
  const closing = desk.close();
  expect(await clock.runUntil(waiting)).toMatchObject({ code: 'ERR_STOPPED' });
  late.slot();
  await closing;
  for (const one of onItsWay) expect(await one).toMatchObject({ code: 'ERR_STOPPED' });
  expect(await uses.read()).toEqual([]);
  await expect(desk.claim(ask(5))).rejects.toMatchObject({ code: 'ERR_STOPPED' });
});

test('the end of a broker does not wait for a store that does not answer', async () => {
  const { clock, uses, stop } = createBench();
  const never = new Promise<never>(() => undefined);
  const silent = { ...uses, claim: async () => never, release: async () => never };
  const desk = createUseDesk({
    ...{ uses: silent, clock, signal: stop.signal, isAlive: () => true, onWait: () => undefined },
  });
  desk.claim(ask(1)).catch(() => undefined);
  await clock.advance(0);
  const startMs = clock.nowMs();
  await clock.runUntil(desk.close());
  expect(clock.nowMs() - startMs).toBe(3000);
});

test('a test that ends while its claim is on its way leaves nothing', async () => {
  const { clock, desk, uses, stop } = createBench();
  await desk.claim(ask(1));
  const waiting = claim(desk, ask(2)).catch((error: unknown) => error);
  await clock.advance(1000);
  await desk.release(ask(2).ticket);
  await desk.release(ask(1).ticket);
  expect(await clock.runUntil(waiting)).toMatchObject({ code: 'ERR_STOPPED' });
  await desk.release('a ticket of an earlier broker', 'pool:customer');
  expect(await uses.read()).toEqual([]);
  stop.abort();
});

test('the runner hears what workers have, and when they no longer have it', async () => {
  const { clock, uses, stop } = createBench();
  const dead = new Set<number>();
  const held = new Map<string, number>();
  const desk = createUseDesk({
    ...{ uses, clock, signal: stop.signal, isAlive: (worker) => !dead.has(worker), onWait: () => undefined },
    onKept: ({ ticket, slot }) => held.set(ticket, slot),
    onGone: (ticket) => held.delete(ticket),
  });
  for (const worker of [1, 2, 3]) await desk.claim(ask(worker, { slots: 4 }));
  await desk.claim(ask(4, { slots: 4, worker: undefined }));
  expect([...held.values()]).toEqual([1, 2, 3]);
  await desk.release(ask(1).ticket);
  dead.add(2);
  await clock.advance(1000);
  expect([...held]).toEqual([[ask(3).ticket, 3]]);
  await desk.close();
  expect([...held]).toEqual([]);
  stop.abort();
});

test('a wait says who has the account and since when, and ends in an error', async () => {
  const { clock, desk, lines, stop } = createBench();
  await desk.claim(ask(1));
  await clock.advance(1000);
  const error: unknown = await clock.runUntil(claim(desk, ask(2)).catch((one: unknown) => one));
  expect(lines[0]).toBe(
    'Worker 2 of chromium waits for an account of "customer", as number 1: held by worker 1 of chromium on here for 3 s',
  );
  expect(error).toMatchObject({
    code: 'ERR_SESSION_IN_USE',
    explanation: {
      failed: 'The test waited 60 s for an account of "customer".',
      known: 'held by worker 1 of chromium on here for 61 s.',
    },
  });
  stop.abort();
});

test('two tests that wait for the exclusive session of the other end with an error after two minutes', async () => {
  const { clock, desk, stop } = createBench();
  const want = (worker: number, resource: string, together: string[] = []) =>
    ask(worker, { resource, together, ticket: `${worker}-${resource}`, maxWaitMs: 3_600_000 });
  await desk.claim(want(1, 'session:a'));
  await desk.claim(want(2, 'session:b'));
  const startMs = clock.nowMs();
  const first = claim(desk, want(1, 'session:b', ['1-session:a']));
  const second = claim(desk, want(2, 'session:a', ['2-session:b'])).catch(() => undefined);
  await expect(clock.runUntil(first)).rejects.toMatchObject({
    code: 'ERR_SESSION_IN_USE',
    explanation: {
      known: expect.stringMatching(/^held by worker 2 of chromium on here for 2 min\. .*120 s at most/),
      next: expect.not.stringContaining('maxWaitSeconds'),
    },
  });
  expect(clock.nowMs() - startMs).toBeLessThan(121_000);
  await clock.runUntil(second);
  stop.abort();
});

test('a worker that waits gives back the account of another pool that its test does not use', async () => {
  const { clock, desk, stop } = createBench();
  const want = (worker: number, resource: string) =>
    ask(worker, { resource, ticket: `${worker}-${resource}` });
  await desk.claim(want(1, 'pool:a'));
  await desk.claim(want(2, 'pool:b'));
  const both = [claim(desk, want(1, 'pool:b')), claim(desk, want(2, 'pool:a'))];
  expect(await clock.runUntil(Promise.all(both))).toEqual([{ slot: 1 }, { slot: 1 }]);
  stop.abort();
});

test('a use that passed on cannot write', async () => {
  const { clock, desk, uses, stop } = createBench();
  const asked = { ...ask(1, { resource: 'session:a' }), slot: 1 };
  await desk.claim(asked);
  clock.pass(46_000);
  await uses.claim('session:a', claimOf('other'));
  expect(await desk.isHeld(asked)).toBe(false);
  await clock.advance(6000);
  expect(await desk.isHeld(asked)).toBe(false);
  stop.abort();
});

test('a holder that cannot reach the store gives up its account before another gets it', async () => {
  const { clock, uses, stop } = createBench();
  const away = { is: false };
  const extend: typeof uses.extend = async (...args) =>
    away.is ? Promise.reject(new Error('away')) : uses.extend(...args);
  const claimed: typeof uses.claim = async (...args) =>
    away.is ? Promise.reject(new Error('away')) : uses.claim(...args);
  const cutOff = createUseDesk({
    ...{ uses: { ...uses, extend, claim: claimed }, clock, signal: stop.signal },
    ...{ isAlive: () => true, onWait: () => undefined },
  });
  await cutOff.claim(ask(1));
  away.is = true;
  expect(await cutOff.claim({ ...ask(1), slot: 1 })).toEqual({ slot: 1 });
  await clock.advance(44_000);
  await expect(cutOff.claim({ ...ask(1), slot: 1 })).rejects.toThrow('away');
  away.is = false;
  expect(await cutOff.claim({ ...ask(1), slot: 1 })).toEqual({ slot: 1 });
  stop.abort();
});

test('a name of a holder cannot command a terminal or a workflow', async () => {
  const { clock, desk, lines, stop } = createBench();
  const holder = { machine: 'm\n::error::x\u001b[2J', process: 1, project: '\u001b[1m', worker: 1 };
  await desk.claim(ask(1, { holder }));
  await clock.runUntil(desk.claim(ask(2, { maxWaitMs: 60_000 })));
  expect(lines).toHaveLength(1);
  for (const command of ['\n', '\u001b', '::']) expect(lines.join('')).not.toContain(command);
  stop.abort();
});
