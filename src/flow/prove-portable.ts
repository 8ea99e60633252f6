import { AuthSessionsError } from '../core/errors.js';
import type { Clock, FlowJob } from '../core/ports.js';
import type { StorageState } from '../core/storage-state.js';
import type { StayingReason } from './staying-reasons.js';

export interface ProveOptions {
  readonly clock: Clock;
  /** Runs the flow's check in a fresh context. */
  readonly check: (from: StorageState) => Promise<{ signedIn: boolean; state: StorageState }>;
  /** What a fresh context has not, the surest first. */
  readonly reasons: () => readonly StayingReason[];
  /** Throws if the sign-in must not go on. */
  readonly mayGoOn: () => void;
}

/**
 * Requires the flow's check to pass in a fresh context with the state of a sign-in, as tests get it. Returns the state
 * after the check.
 *
 * @throws AuthSessionsError `ERR_STATE_NOT_PORTABLE`
 */
export async function provePortable(
  { session, signal }: FlowJob,
  made: StorageState,
  { clock, check, reasons, mayGoOn }: ProveOptions,
): Promise<StorageState> {
  let state = made;
  let answer = '';
  for (let left = session.checkAttempts; left > 0; left -= 1) {
    try {
      const checked = await check(state);
      if (checked.signedIn) return session.writeBack === false ? made : checked.state;
      state = checked.state;
      answer = 'returned false';
    } catch (error) {
      answer = `threw (${error instanceof Error ? error.message.replace(/\.$/, '') : 'something'})`;
    }
    mayGoOn();
    if (left > 1) await clock.sleep(pauseMs, signal);
  }
  const found = reasons();
  throw new AuthSessionsError(
    'ERR_STATE_NOT_PORTABLE',
    {
      failed: `Session "${session.name}": its state works only in the browser that signed in.`,
      known: [
        `The flow's check passed there, and ${answer} in a fresh context with the state.`,
        ...found.map(({ known }) => known),
      ].join(' '),
      next:
        found[0]?.next ??
        'Let check open its own page. If it does, find out what else a session is bound to.',
    },
    { session: session.name },
  );
}

const pauseMs = 250;
