import { AuthSessionsError } from '../core/errors.js';

/** The error for a session without a one-time code. `why` and `next` depend on where its parameters come from. */
export function totpNotDeclared(
  session: string,
  { why, next }: { readonly why: string; readonly next: string },
): AuthSessionsError {
  const explanation = {
    failed: `Session "${session}" has no one-time code.`,
    known: `totp() was called, but ${why}.`,
    next,
  };
  return new AuthSessionsError('ERR_TOTP_NOT_DECLARED', explanation, { session });
}
