import type { AuthSessionsErrorCode } from '../../core/error-codes.js';
import { AuthSessionsError } from '../../core/errors.js';
import { isThere } from '../terminal/maybe.js';
import { ok, troubleOf, warning, type Check } from './finding.js';

/** The source of credentials here, and why. */
export const environment: Check = {
  id: 'environment',
  examine({ description, environment: decision, vaults }) {
    const secrets = isThere(description) ? description.is.secrets : undefined;
    if (secrets && 'error' in secrets) {
      const { code, ...explanation } = secrets.error;
      return [troubleOf(new AuthSessionsError(code as AuthSessionsErrorCode, explanation))];
    }
    if (!decision) return [];
    if (!isThere(decision)) return decision.errors.map(troubleOf);
    if (vaults && !isThere(vaults)) return vaults.errors.map(troubleOf);
    const { environment: name, why } = decision.is;
    if (name === 'skip')
      return [
        warning(
          'Tests that need a session are skipped here.',
          'Set the missing credential to run them.',
          `Reason: ${why}.`,
        ),
      ];
    return [ok(`Environment: ${name}, as ${why}`)];
  },
};
