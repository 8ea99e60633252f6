import type { Clock } from '../../../src/core/ports.js';

export interface FakeClock extends Clock {
  advance(ms: number): void;
}

/** Time that moves only when a test moves it. */
export function createFakeClock(startMs = Date.now()): FakeClock {
  let nowMs = startMs;
  return {
    nowMs: () => nowMs,
    advance: (ms) => {
      nowMs += ms;
    },
    sleep: async (ms) => {
      nowMs += ms;
      return Promise.resolve();
    },
  };
}
