import { AuthSessionsError, joinErrors } from './errors.js';
import type { SecretVariable } from './redact-options.js';

/**
 * @param unset the declared variables that are not set
 * @throws AuthSessionsError `ERR_SECRET_MISSING` when one of them is required
 */
export function requireVariables(unset: readonly SecretVariable[]): void {
  const errors = unset.filter(({ required }) => required).map(({ name }) => missing(name));
  if (errors.length > 0) throw joinErrors(errors);
}

function missing(name: string): AuthSessionsError {
  return new AuthSessionsError('ERR_SECRET_MISSING', {
    failed: `The environment variable ${name} is not set.`,
    known: 'redact.environment of withAuthSessions requires it: an unknown value cannot be redacted.',
    next: 'Set it and run again, or drop required.',
  });
}
