import type { SecretReference } from '../../core/secret-reference.js';

/**
 * The key of a reference in the local credentials file, by one rule: the parts of the reference in upper
 * case, joined by two underscores, with one underscore for each run of characters other than letters and digits. The
 * name of a vault connection comes first.
 *
 * @example
 * `op://automation/consultations-admin/one-time password?attribute=otp`
 *   → `AUTOMATION__CONSULTATIONS_ADMIN__ONE_TIME_PASSWORD`
 */
export function localKey(reference: SecretReference): string {
  return [reference.connection, ...partsOf(reference)]
    .filter((part) => part !== undefined)
    .map((part) =>
      part
        .toUpperCase()
        .replaceAll(/[^A-Z0-9]+/g, '_')
        .replaceAll(/^_|_$/g, ''),
    )
    .join('__');
}

function partsOf(reference: SecretReference): readonly (string | undefined)[] {
  if (reference.source === 'environment') return [reference.environment, reference.variable];
  return [reference.vault, reference.item, reference.section, reference.field];
}
