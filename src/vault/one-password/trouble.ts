import type { AuthSessionsErrorCode, Explanation } from '../../core/errors.js';

/** What the SDK's words mean. It throws plain errors, and some raw JSON, that only their text tells apart. */
export interface Trouble {
  readonly code: AuthSessionsErrorCode;
  readonly explanation: Explanation;
  /** May go well a moment later: the network, or a server's bad moment. */
  readonly temporary?: true;
  /** The client itself is broken, and another one may do. */
  readonly panic?: true;
  /** Signed in, and not any more. Whether the token is refused, the next sign-in tells. */
  readonly signedOut?: true;
  /** Names the wrong part of a reference when its parts are IDs. */
  readonly vague?: true;
}
