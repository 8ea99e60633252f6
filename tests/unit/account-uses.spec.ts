import { expect, test } from '@playwright/test';
import { createAccountUses, type AccountUses } from '../../src/broker/account-uses.js';
import { createUseDesk } from '../../src/session/use-desk.js';
import { createMemoryUses } from '../../src/store/memory-uses.js';
import type { HeldUse, UseAnswer } from '../../src/wire/messages.js';
import { declareSession } from '../support/declared-session.js';
import { createFakeClock } from '../support/fake-clock.js';

function createBench() {
  const clock = createFakeClock();
  const brokers: AbortController[] = [];
  const stop = () => brokers.forEach((one) => one.abort());
  const uses = createMemoryUses({ clock });
  const solo = declareSession({ name: 'solo', exclusive: true, maxConcurrentUses: 1 });
  const accounts = [1, 2].map((number) => {
    const name = `customer[${number}]`;
    return declareSession({ name, account: { pool: 'customer', number, of: 2 }, maxConcurrentUses: 1 });
  });
  const sessions = new Map([solo, ...accounts].map((session) => [session.name, session]));
  /** Kills the broker before it. */
  const startBroker = () => {
    stop();
    const { signal } = brokers[brokers.push(new AbortController()) - 1] ?? new AbortController();
    const useDesk = createUseDesk({
      ...{ uses, clock, signal },
      ...{ isAlive: () => true, onWait: () => undefined },
    });
    return createAccountUses({ sessions, useDesk, machine: 'here' });
  };
  return { clock, stop, uses, solo, startBroker };
}

const caller = { worker: 101 };
const message = (session: string, scope: 'worker' | 'test', uses: readonly HeldUse[] = []) => ({
  ...{ session, scope, uses, lane: 0, ticket: `the ticket of ${scope} for ${session}` },
});

test('a command that uses an exclusive session twice does not wait for itself, and holds it until both end', async () => {
  const { stop, uses, solo, startBroker } = createBench();
  const own = startBroker();
  const slots: unknown[] = [];
  await own.whileUsing(solo, async () => {
    await own.whileUsing(solo, async () => slots.push(await uses.read()));
    slots.push(await uses.read());
  });
  expect(slots).toMatchObject([[{ held: [{}] }], [{ held: [{}] }]]);
  expect(await uses.read()).toEqual([]);
  stop();
});

test('a command that acquired an exclusive session does not wait for itself when it works on it', async () => {
  const { stop, solo, startBroker } = createBench();
  const own = startBroker();
  const use = await own.requireUse(solo, [], undefined);
  expect(use).toMatchObject({ session: 'solo', slot: 1 });
  expect(await own.whileUsing(solo, () => Promise.resolve('done'))).toBe('done');
  expect(await own.isHeld(use, undefined)()).toBe(true);
  stop();
});

test('after a restart each request takes up what its test has, and the account stays', async () => {
  const { clock, stop, uses, startBroker } = createBench();
  const first = startBroker();
  const other = await first.take({ ...message('customer', 'worker'), ticket: 'of another worker' }, 102);
  expect(other).toMatchObject({ held: { session: 'customer', slot: 1 } });
  const account = heldIn(await first.take(message('customer', 'worker'), 101));
  const session = heldIn(await first.take(message('customer', 'test', [account]), 101));
  expect([account, session]).toMatchObject([
    { session: 'customer', slot: 2 },
    { session: 'customer[2]', slot: 1 },
  ]);
  const held = [account, session];
  for (const request of [
    (broker: AccountUses) => broker.sessionOf('customer', held, caller),
    async (broker: AccountUses) => {
      const { name } = await broker.sessionOf('customer', held, caller);
      await broker.requireUse(declareSession({ name, maxConcurrentUses: 1 }), held, caller);
      return { name };
    },
    async (broker: AccountUses) => ({ name: (await broker.isHeld(session, caller)()) && 'customer[2]' }),
    async (broker: AccountUses) => {
      const again = heldIn(await broker.take({ ...message('customer', 'worker', held), slot: 2 }, 101));
      return { name: `customer[${again.slot}]` };
    },
  ])
    expect(await request(startBroker())).toMatchObject({ name: 'customer[2]' });
  const last = startBroker();
  await last.take({ ...message('customer', 'test', held), slot: 1 }, 101);
  await clock.advance(600_000);
  expect(await uses.read('pool:customer')).toMatchObject([{ held: [{ slot: 2 }] }]);
  expect(await uses.read('session:customer[2]')).toMatchObject([{ held: [{ slot: 1 }] }]);
  await startBroker().end(held);
  expect(await uses.read()).toEqual([]);
  stop();
});

test('a request with an account that passed on fails, also where another account is free', async () => {
  const { clock, stop, uses, startBroker } = createBench();
  const account = heldIn(await startBroker().take(message('customer', 'worker'), 101));
  clock.pass(46_000);
  const times = { ttlMs: 3_600_000, waitTtlMs: 1000 };
  const holder = { machine: 'far', process: 7, worker: 7 };
  await uses.claim('pool:customer', { slots: 2, ticket: 'next', holder, ...times });
  const broker = startBroker();
  for (const request of [
    broker.sessionOf('customer', [account], caller),
    broker.take({ ...message('customer', 'worker'), slot: 1 }, 101),
    broker.take(message('solo', 'test', [account]), 101),
  ])
    await expect(request).rejects.toMatchObject({
      ...{ code: 'ERR_LEASE_LOST', message: expect.stringContaining('worker 7 on far') },
    });
  expect(await uses.read('session:solo')).toEqual([]);
  stop();
});

test('a worker ends no use of something that is not declared', async () => {
  const { stop, startBroker } = createBench();
  await startBroker().end([{ session: '../x', scope: 'test', ticket: 'a ticket of nobody' }]);
  stop();
});

function heldIn(answer: UseAnswer): HeldUse {
  if ('held' in answer) return answer.held;
  throw new Error('It has no use.');
}
