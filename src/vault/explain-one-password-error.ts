import { AuthSessionsError, type AuthSessionsErrorCode, type Explanation } from '../core/errors.js';

/**
 * The SDK throws plain errors, and some raw JSON strings, that can only be told apart by their text. Each becomes
 * one of ours, with what to do. The original is not kept as a cause: its text may quote what it was given.
 */
export function explainOnePasswordError(error: unknown, reference?: string): AuthSessionsError {
  if (error instanceof AuthSessionsError) return error;
  const text = error instanceof Error ? error.message : String(error);
  const known = byText.find(([pattern]) => pattern.test(text));
  const [, code, explanation] = known ?? [undefined, 'ERR_VAULT_FAILED' as const, unknownFailure];
  return new AuthSessionsError(
    code,
    {
      ...explanation,
      failed: reference ? `"${reference}" cannot be read. ${explanation.failed}` : explanation.failed,
    },
    { reference },
  );
}

/** The failure of one reference among others. */
export function explainResolveError(
  error: { readonly type: string } | undefined,
  reference: string,
): AuthSessionsError {
  const [code, known, next] = byType[error?.type ?? ''] ?? [
    'ERR_VAULT_FAILED',
    '1Password said no more than that.',
    'Check the reference in 1Password.',
  ];
  return new AuthSessionsError(
    code,
    { failed: `Secret reference "${reference}" cannot be resolved.`, known, next },
    { reference },
  );
}

const checkSpelling =
  'Check the spelling, or copy the reference from 1Password; the service account must have access.';

const byType: Readonly<Record<string, readonly [AuthSessionsErrorCode, string, string]>> = {
  parsing: ['ERR_REFERENCE_INVALID', '1Password finds it malformed.', 'Copy the reference from 1Password.'],
  vaultNotFound: [
    'ERR_VAULT_NOT_FOUND',
    'No vault that the service account can see matches it.',
    checkSpelling,
  ],
  itemNotFound: ['ERR_VAULT_NOT_FOUND', 'The vault has no such item, or it is archived.', checkSpelling],
  fieldNotFound: ['ERR_VAULT_NOT_FOUND', 'The item has no such field.', checkSpelling],
  noMatchingSections: ['ERR_VAULT_NOT_FOUND', 'The item has no such section.', checkSpelling],
  tooManyVaults: ['ERR_VAULT_AMBIGUOUS', 'More than one vault has this name.', 'Use the ID of the vault.'],
  tooManyItems: ['ERR_VAULT_AMBIGUOUS', 'More than one item has this title.', 'Use the ID of the item.'],
  tooManyMatchingFields: [
    'ERR_VAULT_AMBIGUOUS',
    'More than one field has this name.',
    'Name the section, or use the ID of the field.',
  ],
  unableToGenerateTotpCode: [
    'ERR_TOTP_SEED_INVALID',
    'Its one-time password field holds no usable seed.',
    'Set the one-time password of the item up again.',
  ],
};

const unknownFailure: Explanation = {
  failed: '1Password gave an error that is not known here.',
  next: 'Run again; if it stays so, report it with the version of @1password/sdk.',
};

const byText: readonly (readonly [RegExp, AuthSessionsErrorCode, Explanation])[] = [
  [
    /invalid service account token|service account token had invalid format|requires either `auth`/,
    'ERR_VAULT_CREDENTIAL_INVALID',
    {
      failed: 'The service account token is not one.',
      known: 'It begins with "ops_" and is one long line without spaces.',
      next: 'Copy it again from where it was kept, or make a new service account.',
    },
  ],
  [
    /rate limit exceeded/,
    'ERR_VAULT_RATE_LIMITED',
    {
      failed: "1Password's rate limit is reached.",
      known: 'Limits count per token and hour, and per account and day.',
      next: 'Wait an hour, and find out what asks so often: op service-account ratelimit.',
    },
  ],
  [
    /not authenticated|bad credentials|Server hash was invalid/,
    'ERR_VAULT_CREDENTIAL_INVALID',
    {
      failed: '1Password does not accept the service account token.',
      known: 'It was revoked, has expired, or belongs to another account.',
      next: 'Make a new token, and replace OP_SERVICE_ACCOUNT_TOKEN.',
    },
  ],
  [
    /right permissions/,
    'ERR_VAULT_DENIED',
    {
      failed: '1Password denied access.',
      known: 'The service account has no read_items permission there.',
      next: 'Permissions are fixed when a service account is made: make one that can read this vault.',
    },
  ],
  [
    /TOTP code could not be generated|TOTP attribute can only be applied/,
    'ERR_TOTP_SEED_INVALID',
    {
      failed: 'The field gives no one-time code.',
      known: 'It is not a one-time password field, or holds no usable seed.',
      next: "Add a one-time password to the item, and copy that field's reference.",
    },
  ],
  [
    /more than one (vault|item|field)/,
    'ERR_VAULT_AMBIGUOUS',
    { failed: 'More than one vault, item or field has this name.', next: 'Use IDs in the reference.' },
  ],
  [
    /no (vault|item|section) matched|cannot be found within the item|resource not found/,
    'ERR_VAULT_NOT_FOUND',
    {
      failed: 'Nothing that the service account can see matches it.',
      known: 'The vault, the item or the field is not there, is archived, or is named otherwise.',
      next: checkSpelling,
    },
  ],
  [
    /error sending request|internal server error|unexpected status code|fetch failed/,
    'ERR_VAULT_UNREACHABLE',
    {
      failed: '1Password could not be reached.',
      known: 'The network failed, or its server did.',
      next: 'Check the network, a proxy in between, and https://status.1password.com; then run again.',
    },
  ],
];
