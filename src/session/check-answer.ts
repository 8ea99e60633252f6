import type { AuthSessionsError } from '../core/errors.js';
import type { SessionRecord } from '../core/sealed-session.js';

/** What a check of a stored session found. */
export interface CheckAnswer {
  readonly signedIn: boolean;
  /** How often the flow's check ran: 0 if it has none, or if time alone decides. */
  readonly checks: number;
  readonly notes: readonly string[];
  /** Where the check said no. */
  readonly seen?: string | undefined;
}

/** What a check of a state from a sign-in by hand found. */
export interface JudgedState extends CheckAnswer {
  /** The state after the check. One whose check got no answer is in doubt: it is checked before its next use. */
  readonly record: SessionRecord;
  /** Why the check got no answer, if the application did not answer. */
  readonly unanswered?: AuthSessionsError | undefined;
}
