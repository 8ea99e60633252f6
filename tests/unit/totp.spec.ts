import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { timeStepAt } from '../../src/core/totp.js';

test('counts steps from the epoch, and what is left of one', () => {
  expect(timeStepAt(0, 30)).toEqual({ number: 0, remainingMs: 30_000 });
  expect(timeStepAt(29_999, 30)).toEqual({ number: 0, remainingMs: 1 });
  expect(timeStepAt(30_000, 30)).toEqual({ number: 1, remainingMs: 30_000 });
  expect(timeStepAt(59_000, 60)).toEqual({ number: 0, remainingMs: 1000 });
});

// Appendix B: the hexadecimal counters of its table.
for (const [seconds, counter] of [
  [59, 0x1],
  [1_111_111_109, 0x23523ec],
  [1_111_111_111, 0x23523ed],
  [1_234_567_890, 0x273ef07],
  [2_000_000_000, 0x3f940aa],
  [20_000_000_000, 0x27bc86aa],
] as const)
  test(`counts ${seconds} s as RFC 6238 does`, () => {
    expect(timeStepAt(seconds * 1000, 30).number).toBe(counter);
  });

test('leaves of a step never more than all, and never nothing', () => {
  fc.assert(
    fc.property(fc.nat(2 ** 45), fc.integer({ min: 1, max: 300 }), (nowMs, periodSeconds) => {
      const { number, remainingMs } = timeStepAt(nowMs, periodSeconds);
      const isInside = remainingMs > 0 && remainingMs <= periodSeconds * 1000;
      expect([isInside, timeStepAt(nowMs + remainingMs, periodSeconds).number]).toEqual([true, number + 1]);
    }),
    { seed: 20_300_101 },
  );
});
