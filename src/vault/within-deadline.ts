import { AuthSessionsError } from '../core/errors.js';

export interface DeadlineOptions {
  readonly deadlineMs: number;
  readonly signal: AbortSignal | undefined;
  /** For the message: `reading from 1Password`. */
  readonly doing: string;
}

/**
 * Waits for work that knows no time limit and cannot be stopped. At the deadline, or when the signal is aborted,
 * the wait ends; what the work gives later is thrown away.
 *
 * @throws AuthSessionsError `ERR_VAULT_UNREACHABLE`
 */
export async function withinDeadline<Result>(
  work: Promise<Result>,
  options: DeadlineOptions,
): Promise<Result> {
  const { deadlineMs, signal, doing } = options;
  let end: (() => void) | undefined;
  const over = new Promise<never>((_, reject) => {
    const onAbort = () => reject(signal?.reason as Error);
    const timer = setTimeout(() => reject(tooLate(doing, deadlineMs)), deadlineMs);
    if (signal?.aborted) onAbort();
    signal?.addEventListener('abort', onAbort, { once: true });
    end = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
    };
  });
  work.catch(() => undefined);
  try {
    return await Promise.race([work, over]);
  } finally {
    end?.();
  }
}

function tooLate(doing: string, deadlineMs: number): AuthSessionsError {
  return new AuthSessionsError('ERR_VAULT_UNREACHABLE', {
    failed: '1Password did not answer.',
    known: `Nothing came within ${deadlineMs / 1000} s while ${doing}.`,
    next: 'Check the network, a proxy in between, and https://status.1password.com; then run again.',
  });
}
