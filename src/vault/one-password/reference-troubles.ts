import type { Trouble } from './trouble.js';

export const checkSpelling =
  'Check the spelling, or copy the reference from 1Password; the service account must have access.';

export const readInBase64 = "Add ?encoding=base64 to the reference: the value is the file's bytes in Base64.";

export const ofUnreadType = "has a type that 1Password's SDK does not read";

export const useReadType = 'Copy the value into a field of type text or password, and refer to that.';

/** Errors of the SDK about one reference, in any call. */
export const referenceTroubles: readonly (readonly [RegExp, Trouble])[] = [
  [
    /right permissions/,
    {
      code: 'ERR_VAULT_DENIED',
      explanation: {
        failed: '1Password denied access.',
        known: 'The service account has no read_items permission there.',
        next: 'Permissions of a service account cannot be changed. Create one that can read this vault.',
      },
    },
  ],
  [
    /only text files are supported/,
    {
      code: 'ERR_VALUE_UNUSABLE',
      explanation: { failed: 'It is a file that is not text.', next: readInBase64 },
    },
  ],
  [
    /unable to read value from field/,
    {
      code: 'ERR_VALUE_UNUSABLE',
      explanation: { failed: `Its field ${ofUnreadType}.`, next: useReadType },
    },
  ],
  [
    /files larger than 50MB/,
    {
      code: 'ERR_VALUE_UNUSABLE',
      explanation: { failed: 'Its file is too large.', next: 'Refer to a smaller file.' },
    },
  ],
  [
    /file couldn't be found/,
    {
      code: 'ERR_VAULT_NOT_FOUND',
      explanation: { failed: '1Password has no content of its file.', next: 'Attach the file again.' },
    },
  ],
  [
    /TOTP code could not be generated|TOTP attribute can only be applied/,
    {
      code: 'ERR_TOTP_SEED_INVALID',
      explanation: {
        failed: 'The field has no one-time code.',
        known: 'It is not a one-time password field, or has no usable seed.',
        next: "Add a one-time password to the item, and copy that field's reference.",
      },
    },
  ],
  [
    /could not be parsed|invalid (?:query parameter|character)/,
    {
      code: 'ERR_REFERENCE_INVALID',
      explanation: {
        failed: '1Password reports the reference as malformed.',
        next: 'Copy it from 1Password.',
      },
    },
  ],
  [
    /more than one (?:vault|item|field)/,
    {
      code: 'ERR_VAULT_AMBIGUOUS',
      explanation: {
        failed: 'More than one vault, item or field has this name.',
        next: 'Use IDs in the reference.',
      },
    },
  ],
  [
    /not in an active state/,
    {
      code: 'ERR_VAULT_NOT_FOUND',
      explanation: {
        failed: 'Its item is archived or deleted.',
        next: 'Restore the item in 1Password, or use another one.',
      },
    },
  ],
  [
    /no vault matched|vault couldn't be found/,
    {
      code: 'ERR_VAULT_NOT_FOUND',
      explanation: {
        failed: 'No vault that the service account can see matches it.',
        next: checkSpelling,
      },
      vague: true,
    },
  ],
  [
    /no section matched/,
    {
      code: 'ERR_VAULT_NOT_FOUND',
      explanation: { failed: 'The item has no such section.', next: checkSpelling },
    },
  ],
  [
    /field cannot be found within the item/,
    {
      code: 'ERR_VAULT_NOT_FOUND',
      explanation: { failed: 'The item has no such field.', next: checkSpelling },
    },
  ],
  [
    /no item matched|item couldn't be found|resource not found|multiple secret references/,
    {
      code: 'ERR_VAULT_NOT_FOUND',
      explanation: { failed: 'The vault has no such item, or it is archived.', next: checkSpelling },
      vague: true,
    },
  ],
];
