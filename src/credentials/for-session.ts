import { AuthSessionsError } from '../core/errors.js';

/** Adds the session to the vault's error about a reference, but not to an error about a whole file. */
export function forSession(error: AuthSessionsError, session: string, reference?: string): AuthSessionsError {
  if (error.code === 'ERR_LOCAL_FILE_INVALID') return error;
  const { failed, known, next } = error.explanation;
  return new AuthSessionsError(
    error.code,
    { failed: `Session "${session}": ${failed}`, known, next },
    { session, reference: error.reference ?? reference, cause: error.cause },
  );
}
