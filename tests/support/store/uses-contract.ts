import { expect } from '@playwright/test';
import type { UseAnswer, UseClaim, UseStore } from '../../../src/core/use-store.js';
import { createFakeClock, type FakeClock } from './fake-clock.js';
import { test } from './temporary-folder.js';

export type UsesFactory = (options: {
  readonly clock: FakeClock;
  /** Empty, and only of this test. */
  readonly folder: string;
}) => UseStore | Promise<UseStore>;

/** What every store of uses promises. */
export function testUses(name: string, createUses: UsesFactory): void {
  const withUses = test.extend<{ clock: FakeClock; uses: UseStore }>({
    clock: async ({}, use) => use(createFakeClock()),
    uses: async ({ clock, folder }, use) => use(await createUses({ clock, folder })),
  });
  withUses.describe(name, () => {
    withUses(
      'hands out each slot once, the lowest first, and says who holds what',
      async ({ uses, clock }) => {
        const sinceMs = clock.nowMs();
        expect(await uses.claim('pool:a', claim('one', 2))).toEqual({ slot: 1, sinceMs });
        clock.advance(5);
        expect(await uses.claim('pool:a', claim('two', 2))).toMatchObject({ slot: 2 });
        const answer = await uses.claim('pool:a', claim('three', 2));
        expect(answer).toMatchObject({
          position: 1,
          uses: {
            resource: 'pool:a',
            slots: 2,
            held: [
              {
                slot: 1,
                sinceMs,
                holder: { machine: 'one', process: 7, worker: 3 },
                untilMs: sinceMs + 1000,
              },
              { slot: 2, holder: { machine: 'two' } },
            ],
            waiting: [{ holder: { machine: 'three' }, sinceMs: sinceMs + 5 }],
          },
        });
        expect(await uses.read('pool:a')).toEqual([(answer as { uses: unknown }).uses]);
      },
    );

    withUses('repeats the same answer for the same ticket', async ({ uses }) => {
      for (let n = 0; n < 2; n += 1) expect(await slotOf(uses.claim('r', claim('one', 2)))).toBe(1);
      expect(await slotOf(uses.claim('r', claim('two', 2)))).toBe(2);
      for (let n = 0; n < 2; n += 1)
        expect(await uses.claim('r', claim('x', 2))).toMatchObject({ position: 1 });
    });

    withUses('serves those who wait in their order', async ({ uses }) => {
      await uses.claim('r', claim('holder'));
      for (const [n, ticket] of ['first', 'second', 'third'].entries())
        expect(await uses.claim('r', claim(ticket))).toMatchObject({ position: n + 1 });
      await uses.release('r', 'holder');
      expect(await uses.claim('r', claim('third'))).toMatchObject({ position: 3 });
      expect(await uses.claim('r', claim('newcomer'))).toMatchObject({ position: 4 });
      expect(await slotOf(uses.claim('r', claim('first')))).toBe(1);
      await uses.release('r', 'first');
      await uses.release('r', 'second');
      expect(await slotOf(uses.claim('r', claim('third')))).toBe(1);
    });

    withUses('lets the second in the queue take the second free slot', async ({ uses }) => {
      for (const ticket of ['a', 'b']) await uses.claim('r', claim(ticket, 2));
      for (const ticket of ['c', 'd']) await uses.claim('r', claim(ticket, 2));
      await uses.release('r', 'a');
      expect(await uses.claim('r', claim('d', 2))).toMatchObject({ position: 2 });
      await uses.release('r', 'b');
      expect(await slotOf(uses.claim('r', claim('d', 2)))).toBe(1);
      expect(await slotOf(uses.claim('r', claim('c', 2)))).toBe(2);
    });

    withUses('gives the preferred slot if it is free', async ({ uses }) => {
      expect(await slotOf(uses.claim('r', { ...claim('a', 3), preferredSlot: 3 }))).toBe(3);
      expect(await slotOf(uses.claim('r', { ...claim('b', 3), preferredSlot: 3 }))).toBe(1);
      expect(await slotOf(uses.claim('r', { ...claim('c', 3), preferredSlot: 9 }))).toBe(2);
    });

    withUses('forgets a waiter who does not ask again in time', async ({ uses, clock }) => {
      await uses.claim('r', { ...claim('holder'), ttlMs: 10_000 });
      await uses.claim('r', claim('dead'));
      await uses.claim('r', claim('alive'));
      clock.advance(300);
      expect(await uses.claim('r', claim('alive'))).toMatchObject({ position: 2 });
      clock.advance(300);
      expect(await uses.claim('r', claim('alive'))).toMatchObject({ position: 1 });
    });

    withUses('passes a slot on when its time is over, and not before', async ({ uses, clock }) => {
      await uses.claim('r', claim('late'));
      clock.advance(600);
      expect(await uses.extend('r', 'late', 1000)).toBe(true);
      clock.advance(999);
      expect(await uses.claim('r', claim('next'))).toMatchObject({ position: 1 });
      clock.advance(1);
      expect(await slotOf(uses.claim('r', claim('next')))).toBe(1);
      expect(await uses.extend('r', 'late', 1000)).toBe(false);
      await uses.release('r', 'late');
      expect(await uses.extend('r', 'next', 1000)).toBe(true);
      expect(await uses.claim('r', claim('late'))).toMatchObject({ position: 1 });
    });

    withUses('lets a late holder keep what nobody took', async ({ uses, clock }) => {
      await uses.claim('r', claim('late'));
      clock.advance(5000);
      expect(await uses.read('r')).toEqual([]);
      expect(await uses.extend('r', 'late', 1000)).toBe(true);
      expect(await uses.claim('r', claim('next'))).toMatchObject({ position: 1 });
    });

    withUses('gives a holder that comes back its own slot, and no other one', async ({ uses, clock }) => {
      const sinceMs = clock.nowMs();
      for (const ticket of ['one', 'two']) await uses.claim('r', claim(ticket, 2));
      clock.advance(5);
      const again = { ...claim('one', 2), onlySlot: 1 };
      expect(await uses.claim('r', again)).toEqual({ slot: 1, sinceMs });
      expect(await uses.claim('r', { ...again, onlySlot: 2 })).toMatchObject({
        ...{ position: 0, uses: { slots: 2, held: [{ slot: 1 }, { slot: 2 }], waiting: [] } },
      });
      clock.advance(2000);
      expect(await slotOf(uses.claim('r', claim('next', 2)))).toBe(1);
      expect(await uses.claim('r', again)).toMatchObject({
        ...{ position: 0, uses: { held: [{ slot: 1, holder: { machine: 'next' } }], waiting: [] } },
      });
      expect(await slotOf(uses.claim('r', { ...claim('two', 2), onlySlot: 2 }))).toBe(2);
      expect(await uses.claim('r', { ...claim('three', 2), onlySlot: 3 })).toMatchObject({ position: 0 });
      expect(await uses.read('r')).toMatchObject([{ held: [{ slot: 1 }, { slot: 2 }], waiting: [] }]);
    });

    withUses('does not wait for a time that was set by a clock far ahead', async ({ uses, clock }) => {
      await uses.claim('r', claim('ahead'));
      clock.advance(-24 * 3_600_000);
      expect(await slotOf(uses.claim('r', claim('next')))).toBe(1);
    });

    withUses('keeps resources apart, and reads them all', async ({ uses }) => {
      await uses.claim('session:a', claim('one'));
      await uses.claim('session:b', claim('two'));
      await uses.claim('session:c', claim('three'));
      await uses.release('session:c', 'three');
      const all = await uses.read();
      expect(all.map(({ resource }) => resource).sort()).toEqual(['session:a', 'session:b']);
      expect(await uses.read('session:c')).toEqual([]);
      await uses.release('session:c', 'unknown');
      expect(await uses.extend('session:d', 'unknown', 1000)).toBe(false);
    });

    withUses('gives each of many at once a slot alone', async ({ uses }) => {
      const tickets = Array.from({ length: 12 }, (_, n) => `t${n}`);
      const longer = { ttlMs: 60_000, waitTtlMs: 60_000 }; // the waits for one another advance the clock
      const answers = await Promise.all(
        tickets.map(async (one) => slotOf(uses.claim('r', { ...claim(one, 5), ...longer }))),
      );
      expect(answers.filter((slot) => slot !== undefined).sort()).toEqual([1, 2, 3, 4, 5]);
    });

    withUses('rejects a claim without slots or time as a mistake of the caller', async ({ uses }) => {
      await expect(uses.claim('r', claim('a', 0))).rejects.toThrow(TypeError);
      await expect(uses.claim('r', { ...claim('a'), ttlMs: 0 })).rejects.toThrow(TypeError);
      await expect(uses.claim('../r', claim('a'))).rejects.toThrow(TypeError);
      await expect(uses.extend('r', 'a', Infinity)).rejects.toThrow(TypeError);
    });
  });
}

function claim(ticket: string, slots = 1): UseClaim {
  return { slots, ticket, holder: { machine: ticket, process: 7, worker: 3 }, ttlMs: 1000, waitTtlMs: 500 };
}

async function slotOf(answer: Promise<UseAnswer>): Promise<number | undefined> {
  const given = await answer;
  return 'slot' in given ? given.slot : undefined;
}
