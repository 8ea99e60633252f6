import { AuthSessionsError } from '../../core/errors.js';

/** An error in the arguments of a command: exit code 2. */
export function usageError(failed: string, next: string, known?: string): AuthSessionsError {
  return new AuthSessionsError('ERR_USAGE', { failed, known, next });
}
