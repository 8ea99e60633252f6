import type { Clock } from '../../core/ports.js';

export interface RetryOptions {
  /** Whether a retry might succeed. */
  readonly isTemporary: (error: unknown) => boolean;
  readonly clock: Clock;
  /** 0 to 1, as `Math.random`. */
  readonly random: () => number;
  readonly signal: AbortSignal;
  /** [3] */
  readonly tries?: number;
}

/**
 * Retries temporary failures. Waits a random part of a doubling time ("full jitter"), so that clients that failed
 * together do not retry together: https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
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
