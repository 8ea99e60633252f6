import type { Clock } from '../core/ports.js';

export interface RepeatCheckOptions {
  /** How often at most. */
  readonly attempts: number;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/**
 * Repeats a check, with a pause in between, until it returns something. `undefined` if no attempt did: one slow response
 * must not decide.
 */
export async function repeatCheck<Result>(
  { attempts, clock, signal }: RepeatCheckOptions,
  check: () => Promise<Result | undefined>,
): Promise<Result | undefined> {
  for (let left = attempts; left > 0; left -= 1) {
    const result = await check();
    if (result !== undefined) return result;
    if (left > 1) await clock.sleep(pauseMs, signal);
  }
  return undefined;
}

const pauseMs = 250;
