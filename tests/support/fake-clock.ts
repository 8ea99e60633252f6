import type { Clock } from '../../src/core/ports.js';

/** Time that stands still until a test advances it. Sleepers wait until then. */
export interface FakeClock extends Clock {
  /** Lets time go by, and wakes who sleeps in it, each at its own time. */
  advance(ms: number): Promise<void>;
  /** Lets time go by until the work ends: from one sleeper's time to the next, never further. */
  runUntil<Result>(work: Promise<Result>): Promise<Result>;
  /** Moves time without waking anybody, as when an answer takes long. */
  pass(ms: number): void;
  /** How many sleep now. */
  sleepers(): number;
}

interface Sleeper {
  readonly atMs: number;
  readonly wake: () => void;
}

const mostSteps = 10_000;

export function createFakeClock(startMs = Date.UTC(2030, 0, 1)): FakeClock {
  let nowMs = startMs;
  const sleepers = new Set<Sleeper>();

  function next(): Sleeper | undefined {
    return [...sleepers].sort((one, other) => one.atMs - other.atMs)[0];
  }

  function wake(sleeper: Sleeper): void {
    sleepers.delete(sleeper);
    nowMs = Math.max(nowMs, sleeper.atMs);
    sleeper.wake();
  }

  return {
    nowMs: () => nowMs,
    pass(ms) {
      nowMs += ms;
    },
    sleepers: () => sleepers.size,
    async sleep(ms, signal) {
      signal?.throwIfAborted();
      await new Promise<void>((resolve, reject) => {
        const onAbort = () => {
          sleepers.delete(sleeper);
          reject(signal?.reason as Error);
        };
        const sleeper = {
          atMs: nowMs + ms,
          wake: () => {
            signal?.removeEventListener('abort', onAbort);
            resolve();
          },
        };
        sleepers.add(sleeper);
        signal?.addEventListener('abort', onAbort, { once: true });
      });
    },
    async advance(ms) {
      const endMs = nowMs + ms;
      await settle();
      for (let first = next(); first && first.atMs <= endMs; first = next()) {
        wake(first);
        await settle();
      }
      nowMs = Math.max(nowMs, endMs);
    },
    async runUntil(work) {
      const progress = { ended: false };
      const end = () => {
        progress.ended = true;
      };
      work.then(end, end);
      for (let steps = 0; steps < mostSteps; steps += 1) {
        await settle();
        if (progress.ended) return work;
        const first = next();
        if (!first) throw new Error('The work waits, and not for the clock');
        wake(first);
      }
      throw new Error(`The work did not end in ${mostSteps} steps`);
    },
  };
}

/** Lets everything run that waits for nothing but its turn. */
export async function settle(): Promise<void> {
  await new Promise<void>((resolve) => {
    setImmediate(resolve);
  });
}
