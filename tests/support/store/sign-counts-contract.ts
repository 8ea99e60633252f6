import { expect } from '@playwright/test';
import fc from 'fast-check';
import { maxSignCount, type SignCountStore } from '../../../src/core/sign-count.js';
import { propertyRuns } from '../property-runs.js';
import { createFakeClock, type FakeClock } from './fake-clock.js';
import { test } from './temporary-folder.js';

export type SignCountsFactory = (options: {
  readonly clock: FakeClock;
  /** Empty, and only of this test. */
  readonly folder: string;
}) => SignCountStore;

/** What every store of signature counters promises. */
export function testSignCounts(name: string, createCounts: SignCountsFactory): void {
  const withCounts = test.extend<{ counts: SignCountStore }>({
    counts: async ({ folder }, use) => use(createCounts({ clock: createFakeClock(), folder })),
  });
  withCounts.describe(name, () => {
    withCounts('reserves counters after the last one that a state knows', async ({ counts }) => {
      expect(await counts.reserve('one', { after: 0, count: 10 })).toBe(0);
      expect(await counts.reserve('two', { after: 7, count: 10 })).toBe(7);
    });

    withCounts('reserves no counter twice for the same state', async ({ counts }) => {
      const range = { after: 2, count: 10 };
      const bases = [];
      for (let times = 0; times < 3; times += 1) bases.push(await counts.reserve('one', range));
      expect(bases).toEqual([2, 12, 22]);
    });

    withCounts('reserves no counter below those of an older state', async ({ counts }) => {
      await counts.reserve('one', { after: 500, count: 10 });
      expect(await counts.reserve('one', { after: 3, count: 10 })).toBe(510);
      expect(await counts.reserve('one', { after: 900, count: 10 })).toBe(900);
    });

    withCounts('reserves different counters for requests at once', async ({ counts }) => {
      const bases = await Promise.all(
        Array.from({ length: 20 }, async () => counts.reserve('one', { after: 0, count: 5 })),
      );
      expect(bases.map(Number).sort((a, b) => a - b)).toEqual(bases.map((_, index) => index * 5));
    });

    withCounts('reserves up to the last counter of 32 bits, and none beyond it', async ({ counts }) => {
      expect(await counts.reserve('one', { after: maxSignCount - 4, count: 5 })).toBeUndefined();
      expect(await counts.reserve('one', { after: maxSignCount - 5, count: 5 })).toBe(maxSignCount - 5);
      expect(await counts.reserve('one', { after: 0, count: 1 })).toBeUndefined();
    });

    withCounts('rejects other names and numbers as a mistake of the caller', async ({ counts }) => {
      await expect(counts.reserve('../one', { after: 0, count: 1 })).rejects.toThrow(TypeError);
      for (const after of [-1, 0.5, NaN, maxSignCount + 1])
        await expect(counts.reserve('one', { after, count: 1 })).rejects.toThrow(TypeError);
      await expect(counts.reserve('one', { after: 0, count: 0 })).rejects.toThrow(TypeError);
    });

    withCounts('never reserves a counter that an earlier use could have sent', async ({ counts }) => {
      let property = 0;
      const ask = fc.record({ after: fc.nat(5000), count: fc.integer({ min: 1, max: 600 }) });
      await fc.assert(
        fc.asyncProperty(fc.array(ask, { maxLength: 12 }), async (asks) => {
          const passkey = `property-${(property += 1)}`;
          let sent = 0;
          for (const { after, count } of asks) {
            const base = await counts.reserve(passkey, { after, count });
            expect(base).toBeGreaterThanOrEqual(Math.max(sent, after));
            sent = Number(base) + count;
          }
        }),
        { numRuns: propertyRuns(100), seed: 1 },
      );
    });
  });
}
