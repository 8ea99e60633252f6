import type { Clock } from '../../core/ports.js';

export interface RetryOptions {
  /** Whether what failed may go well a moment later. */
  readonly isTemporary: (error: unknown) => boolean;
  readonly clock: Clock;
  /** 0 to 1, as `Math.random`. */
  readonly random: () => number;
  readonly signal: AbortSignal;
  /** [3] */
  readonly tries?: number;
}

/**
 * Tries again what may be tried again. Waits a random part of a time that doubles ("full jitter"), so that many
 * who failed at once do not come back at once:
 * https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
 */
export async function withRetries<Result>(
  work: () => Promise<Result>,
  options: RetryOptions,
): Promise<Result> {
  const { isTemporary, clock, random, signal, tries = 3 } = options;
  for (let number = 1; ; number += 1) {
    signal.throwIfAborted();
    try {
      return await work();
    } catch (error) {
      if (number >= tries || !isTemporary(error)) throw error;
      await clock.sleep(random() * Math.min(longestWaitMs, firstWaitMs * 2 ** (number - 1)), signal);
    }
  }
}

const firstWaitMs = 500;
const longestWaitMs = 4000;
