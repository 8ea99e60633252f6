import { AuthSessionsError } from '../core/errors.js';
import { firstLine } from '../core/first-line.js';
import type { Clock, FlowJob } from '../core/ports.js';
import { isEmptyState, type StorageState } from '../core/storage-state.js';
import { cleanMessage } from './clean-message.js';
import { repeatCheck } from './repeat-check.js';

export interface VerifyStateOptions {
  /** The flow's check, if it has one. */
  readonly ask: ((from: StorageState) => Promise<{ signedIn: boolean; state: StorageState }>) | undefined;
  readonly redact: (text: string) => string;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/**
 * Requires the flow's check to pass with a state that no page has; without a check, anything in it suffices. Returns the
 * state after the check.
 *
 * @throws AuthSessionsError `ERR_NOT_SIGNED_IN`
 */
export async function verifyState(
  job: FlowJob,
  state: StorageState,
  { ask, redact, clock, signal }: VerifyStateOptions,
): Promise<StorageState> {
  let reason = 'It left no cookies, no storage and no headers';
  if (!ask && !isEmptyState(state)) return state;
  const attempts = ask ? job.session.checkAttempts : 0;
  const left = await repeatCheck({ attempts, clock, signal }, async () => {
    reason = "The flow's check returned false right after it";
    try {
      const checked = await ask?.(state);
      return checked?.signedIn ? checked.state : undefined;
    } catch (error) {
      signal.throwIfAborted();
      reason = `The flow's check threw: ${firstLine(cleanMessage(error, redact))}`;
      return undefined;
    }
  });
  if (left) return left;
  throw new AuthSessionsError(
    'ERR_NOT_SIGNED_IN',
    {
      failed: `Session "${job.session.name}": its flow ended without being signed in.`,
      known: `${reason}.`,
      next: 'Let create return the headers that sign in, or fix its check.',
    },
    { session: job.session.name },
  );
}
