import type { AuthSessionsError } from '../core/errors.js';
import { restateError } from '../core/restate-error.js';

/** Adds the session to the vault's error about a reference, but not to an error about a whole file. */
export function forSession(error: AuthSessionsError, session: string, reference?: string): AuthSessionsError {
  if (error.code === 'ERR_LOCAL_FILE_INVALID') return error;
  const about = { session, reference: error.reference ?? reference, cause: error.cause };
  return restateError(error, `Session "${session}"`, about);
}
