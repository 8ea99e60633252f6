import type { AuthSessionsErrorCode } from '../../core/error-codes.js';
import { AuthSessionsError } from '../../core/errors.js';
import type { SecretReference } from '../../core/secret-reference.js';
import { troubleOf } from './one-password-troubles.js';
import { checkSpelling, readInBase64 } from './reference-troubles.js';
import { isId } from './sdk-text.js';

/**
 * Converts an error of the SDK to one of ours, with advice. The original is not kept as a cause: its text may quote its
 * input.
 */
export function explainOnePasswordError(error: unknown, reference?: SecretReference): AuthSessionsError {
  if (error instanceof AuthSessionsError) return error;
  const { code, explanation, vague } = troubleOf(error);
  if (!reference) return new AuthSessionsError(code, explanation);
  const ofIds = vague ? whatIdsHide(reference) : undefined;
  return new AuthSessionsError(
    code,
    {
      failed: `Secret reference "${reference.text}" cannot be resolved. ${ofIds ?? explanation.failed}`,
      known: explanation.known,
      next: explanation.next,
    },
    { reference: reference.text },
  );
}

/** The error of one reference, by the SDK's name for it, or `denied` for its whole vault. */
export function explainResolveError(
  error: { readonly type: string } | null | undefined,
  reference: SecretReference,
): AuthSessionsError {
  const [code, known, next] = byType[error?.type ?? ''] ?? unknown;
  const ofIds = /^(?:vault|item)NotFound$/.test(error?.type ?? '') ? whatIdsHide(reference) : undefined;
  return new AuthSessionsError(
    code,
    { failed: `Secret reference "${reference.text}" cannot be resolved.`, known: ofIds ?? known, next },
    { reference: reference.text },
  );
}

/** With IDs, the SDK reports "no vault matched" for an unknown item, and "no item" for an unknown vault. */
function whatIdsHide(reference: SecretReference): string | undefined {
  if (reference.source !== 'item') return undefined;
  const { vault, item } = reference;
  if (isId(vault))
    return 'No vault that the service account can see has this ID, or the vault has no such item.';
  return isId(item) ? 'The vault has no item of this ID, or it is archived.' : undefined;
}

const unknown: readonly [AuthSessionsErrorCode, string, string] = [
  'ERR_VAULT_FAILED',
  '1Password gave no details.',
  'Check the reference in 1Password.',
];

const byType: Readonly<Record<string, readonly [AuthSessionsErrorCode, string, string]>> = {
  parsing: [
    'ERR_REFERENCE_INVALID',
    '1Password reports it as malformed.',
    'Copy the reference from 1Password.',
  ],
  vaultNotFound: [
    'ERR_VAULT_NOT_FOUND',
    'No vault that the service account can see matches it.',
    checkSpelling,
  ],
  itemNotFound: ['ERR_VAULT_NOT_FOUND', 'The vault has no such item, or it is archived.', checkSpelling],
  fieldNotFound: ['ERR_VAULT_NOT_FOUND', 'The item has no such field.', checkSpelling],
  noMatchingSections: ['ERR_VAULT_NOT_FOUND', 'The item has no such section.', checkSpelling],
  denied: [
    'ERR_VAULT_DENIED',
    'The service account has no read_items permission in its vault.',
    'Permissions of a service account cannot be changed. Create one that can read this vault.',
  ],
  tooManyVaults: ['ERR_VAULT_AMBIGUOUS', 'More than one vault has this name.', 'Use the ID of the vault.'],
  tooManyItems: ['ERR_VAULT_AMBIGUOUS', 'More than one item has this title.', 'Use the ID of the item.'],
  tooManyMatchingFields: [
    'ERR_VAULT_AMBIGUOUS',
    'More than one field has this name.',
    'Name the section, or use the ID of the field.',
  ],
  unsupportedFileFormat: ['ERR_VALUE_UNUSABLE', 'It is a file that is not text.', readInBase64],
  incompatibleTOTPQueryParameterField: [
    'ERR_TOTP_SEED_INVALID',
    'Its field is not a one-time password.',
    "Add a one-time password to the item, and copy that field's reference.",
  ],
  unableToGenerateTotpCode: [
    'ERR_TOTP_SEED_INVALID',
    'Its one-time password field has no usable seed.',
    'Set the one-time password of the item to the Base32 seed or otpauth://totp/… URI that the application shows.',
  ],
};
