import { expect, test } from '@playwright/test';
import { createUseDesk, type UseAsk, type UseDesk, type UseStep } from '../../src/session/use-desk.js';
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

test('the account of a broker that was killed is free after its time', async () => {
  const { clock, desk, create, stop, uses } = createBench();
  await desk.claim(ask(1));
  stop.abort();
  const other = createBench();
  const survivor = createUseDesk({
    ...{ uses, clock, signal: other.stop.signal, isAlive: () => true, onWait: () => undefined },
  });
  const startMs = clock.nowMs();
  expect(await clock.runUntil(claim(survivor, ask(2)))).toEqual({ slot: 1 });
  expect(clock.nowMs() - startMs).toBeLessThan(46_000);
  expect(await create().isHeld('pool:customer', ask(1).ticket)).toBe(false);
  other.stop.abort();
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
  await expect(clock.runUntil(first)).rejects.toMatchObject({ code: 'ERR_SESSION_IN_USE' });
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

test('a use that passed on is an error, and cannot write', async () => {
  const { clock, desk, uses, stop } = createBench();
  const asked = ask(1, { resource: 'session:a' });
  await desk.claim(asked);
  clock.pass(46_000);
  await uses.claim('session:a', { ...asked, ticket: 'other', ttlMs: 3_600_000, waitTtlMs: 1000 });
  expect(await desk.isHeld('session:a', asked.ticket)).toBe(false);
  await clock.advance(6000);
  expect(() => desk.held(asked.ticket)).toThrow(/passed on/);
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
  expect(cutOff.held('ticket-1-')).toMatchObject({ slot: 1 });
  away.is = true;
  await clock.advance(44_000);
  expect(() => cutOff.held('ticket-1-')).toThrow(/ERR_LEASE_LOST/);
  await expect(cutOff.claim(ask(1))).rejects.toThrow('away');
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
