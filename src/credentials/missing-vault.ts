import type { AuthSessionsError } from '../core/errors.js';
import type { Vault } from '../core/ports.js';

/** A vault that fails every request with the given error. */
export function createMissingVault(missing: AuthSessionsError): Vault {
  return {
    kind: 'one-password',
    resolveAll: () => Promise.reject(missing),
    readCode: () => Promise.reject(missing),
    requestCount: () => 0,
  };
}
