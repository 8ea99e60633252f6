import { expect } from '@playwright/test';
import type { RefusalStore } from '../../../src/core/ports.js';
import type { Refusal } from '../../../src/core/refusal.js';
import { createFakeClock, type FakeClock } from './fake-clock.js';
import { test } from './temporary-folder.js';

export type RefusalsFactory = (options: {
  readonly clock: FakeClock;
  /** Empty, and only of this test. */
  readonly folder: string;
}) => RefusalStore | Promise<RefusalStore>;

/** What every store of refusals promises. */
export function testRefusals(name: string, createRefusals: RefusalsFactory): void {
  const withRefusals = test.extend<{ clock: FakeClock; refusals: RefusalStore }>({
    clock: async ({}, use) => use(createFakeClock()),
    refusals: async ({ clock, folder }, use) => use(await createRefusals({ clock, folder })),
  });
  withRefusals.describe(name, () => {
    withRefusals('gives undefined for an account that was refused nothing', async ({ refusals }) => {
      expect(await refusals.get('account')).toBeUndefined();
      await refusals.remove('account');
    });

    withRefusals('gives back what was put, in the place of the one before', async ({ refusals, clock }) => {
      await refusals.put('account', refusalAt(clock, { said: 'No.' }));
      const second = refusalAt(clock, { code: 'ERR_ACCOUNT_LOCKED', said: 'Gesperrt: "é"\n\u{1f511}' });
      await refusals.put('account', second);
      expect(await refusals.get('account')).toEqual(second);
    });

    withRefusals('keeps accounts apart, and forgets the one that is removed', async ({ refusals, clock }) => {
      await refusals.put('one', refusalAt(clock, { session: 'admin' }));
      await refusals.put('two', refusalAt(clock, { session: 'editor' }));
      await refusals.remove('one');
      expect(await refusals.get('one')).toBeUndefined();
      expect(await refusals.get('two')).toMatchObject({ session: 'editor' });
    });

    withRefusals('ends a refusal when its time is over, and not before', async ({ refusals, clock }) => {
      await refusals.put('account', refusalAt(clock, { ttlMs: 1000 }));
      clock.advance(999);
      expect(await refusals.get('account')).toBeDefined();
      clock.advance(1);
      expect(await refusals.get('account')).toBeUndefined();
    });

    withRefusals('rejects a name that is no key as a mistake of the caller', async ({ refusals, clock }) => {
      for (const account of ['', 'a/b', '../a', 'a b', 'k'.repeat(201)]) {
        await expect(refusals.get(account)).rejects.toThrow(TypeError);
        await expect(refusals.put(account, refusalAt(clock))).rejects.toThrow(TypeError);
        await expect(refusals.remove(account)).rejects.toThrow(TypeError);
      }
    });
  });
}

export function refusalAt(clock: { nowMs(): number }, own: Partial<Refusal> = {}): Refusal {
  return {
    session: 'admin',
    code: 'ERR_CREDENTIALS_REJECTED',
    said: 'Wrong password.',
    atMs: clock.nowMs(),
    ttlMs: 3_600_000,
    ...own,
  };
}
