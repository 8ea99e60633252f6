import type { AuthSessionsErrorCode } from '../../core/error-codes.js';
import type { Explanation } from '../../core/errors.js';

/** The meaning of an SDK error. The SDK throws plain errors, and some raw JSON, which differ only in their text. */
export interface Trouble {
  readonly code: AuthSessionsErrorCode;
  readonly explanation: Explanation;
  /** Might succeed a moment later: a failure of the network or the server. */
  readonly temporary?: true;
  /** The client itself is broken. Another one may work. */
  readonly panic?: true;
  /** The client is no longer signed in. The next sign-in shows whether the token is rejected. */
  readonly signedOut?: true;
  /** Names the wrong part of a reference if its parts are IDs. */
  readonly vague?: true;
}
