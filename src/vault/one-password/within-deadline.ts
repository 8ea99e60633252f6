import { AuthSessionsError } from '../../core/errors.js';
import type { Clock } from '../../core/ports.js';
import { untilAborted } from '../../time/until-aborted.js';

export interface DeadlineOptions {
  readonly deadlineMs: number;
  readonly clock: Clock;
  readonly signal: AbortSignal | undefined;
  /** Part of the message: `reading from 1Password`. */
  readonly doing: string;
  /** The error at the deadline. [that 1Password did not answer] */
  readonly late?: (() => AuthSessionsError) | undefined;
}

/**
 * Adds a time limit to work. At the deadline, or when the signal is aborted, the wait ends, the work's own signal is
 * aborted, and a later result is ignored.
 *
 * @throws AuthSessionsError `ERR_VAULT_UNREACHABLE`; or the signal's reason
 */
export async function withinDeadline<Result>(
  work: (ended: AbortSignal) => Promise<Result>,
  { deadlineMs, clock, signal, doing, late = () => tooLate(doing, deadlineMs) }: DeadlineOptions,
): Promise<Result> {
  signal?.throwIfAborted();
  const ending = new AbortController();
  const onAbort = () => ending.abort(signal?.reason);
  signal?.addEventListener('abort', onAbort, { once: true });
  clock.sleep(deadlineMs, ending.signal).then(
    () => ending.abort(late()),
    () => undefined, // the work ended in time
  );
  try {
    return await untilAborted(ending.signal, work(ending.signal));
  } finally {
    signal?.removeEventListener('abort', onAbort);
    ending.abort();
  }
}

function tooLate(doing: string, deadlineMs: number): AuthSessionsError {
  return new AuthSessionsError('ERR_VAULT_UNREACHABLE', {
    failed: '1Password did not answer in time.',
    known: `No response within ${deadlineMs / 1000} s while ${doing}.`,
    next: 'Check the network, any proxy, and https://status.1password.com. Then run again.',
  });
}
