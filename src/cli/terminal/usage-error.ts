import { AuthSessionsError } from '../../core/errors.js';

/** For a command line that asks for what there is not: exit code 2. */
export function usageError(failed: string, next: string, known?: string): AuthSessionsError {
  return new AuthSessionsError('ERR_USAGE', { failed, known, next });
}
