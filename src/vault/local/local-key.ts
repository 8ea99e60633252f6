import type { SecretReference } from '../../core/secret-reference.js';
import { base64Suffix } from './base64-values.js';

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

/** The key with the suffix of Base64 where the value is a file of any bytes. */
export function keyToWrite(reference: SecretReference): string {
  return `${localKey(reference)}${reference.kind === 'bytes' ? base64Suffix : ''}`;
}

function partsOf(reference: SecretReference): readonly (string | undefined)[] {
  if (reference.source === 'environment') return [reference.environment, reference.variable];
  return [reference.vault, reference.item, reference.section, reference.field];
}
