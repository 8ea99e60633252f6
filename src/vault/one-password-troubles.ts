import type { AuthSessionsErrorCode, Explanation } from '../core/errors.js';

/** What the SDK's words mean. It throws plain errors, and some raw JSON, that only their text tells apart. */
export interface Trouble {
  readonly code: AuthSessionsErrorCode;
  readonly explanation: Explanation;
  /** May go well a moment later: the network, or a server's bad moment. */
  readonly temporary?: true;
  /** The client itself is broken, and another one may do. */
  readonly panic?: true;
  /** Names the wrong part of a reference when its parts are IDs. */
  readonly vague?: true;
}

/** Of anything that the SDK has thrown. Its text goes no further: it may quote what it was given. */
export function troubleOf(error: unknown): Trouble {
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return byText.find(([pattern]) => pattern.test(text))?.[1] ?? unknown;
}

const checkNetwork =
  'Check the network, a proxy in between, and https://status.1password.com; then run again.';
export const checkSpelling =
  'Check the spelling, or copy the reference from 1Password; the service account must have access.';

const unknown: Trouble = {
  code: 'ERR_VAULT_FAILED',
  explanation: {
    failed: '1Password gave an error that is not known here.',
    next: 'Run again; if it stays so, report it with the version of @1password/sdk.',
  },
};

/** The first that fits counts: the particular before the general. */
const byText: readonly (readonly [RegExp, Trouble])[] = [
  [
    /rate limit exceeded|too many requests/i,
    {
      code: 'ERR_VAULT_RATE_LIMITED',
      explanation: {
        failed: "1Password's rate limit is reached.",
        known: 'Limits count per token and hour, and per account and day.',
        next: 'Wait an hour, and find out what asks so often: op service-account ratelimit.',
      },
    },
  ],
  [
    /^RuntimeError|: RuntimeError|unreachable executed|^Error: unreachable|recursive use of an object|null pointer passed to rust/,
    {
      code: 'ERR_VAULT_FAILED',
      explanation: {
        failed: "1Password's SDK broke down.",
        known: 'It did so again with a new client.',
        next: 'Run again; if it stays so, report it with the version of @1password/sdk.',
      },
      panic: true,
    },
  ],
  [
    /Native library is not available|desktop application not found|Unsupported platform/,
    {
      code: 'ERR_VAULT_CREDENTIAL_INVALID',
      explanation: {
        failed: 'The 1Password app cannot be asked.',
        known: 'It is not installed on this machine, or too old.',
        next:
          'Install the 1Password app, switch on Settings > Developer > Integrate with other apps, and unlock it; ' +
          'or set OP_SERVICE_ACCOUNT_TOKEN.',
      },
    },
  ],
  [
    /DesktopSessionExpired|desktop session|user (?:denied|dismissed|cancel)|account not found|prompt was dismissed/i,
    {
      code: 'ERR_VAULT_CREDENTIAL_INVALID',
      explanation: {
        failed: 'The 1Password app did not allow it.',
        known: 'It is locked, its question was declined, or it has no account of this name.',
        next: 'Unlock the app, check onePassword.auth.desktopAccount, and run again.',
      },
    },
  ],
  [
    /invalid service account token|service account token had invalid format|requires either `auth`/,
    {
      code: 'ERR_VAULT_CREDENTIAL_INVALID',
      explanation: {
        failed: 'The service account token is not one.',
        known: 'It begins with "ops_" and is one long line without spaces.',
        next: 'Copy it again from where it was kept, or make a new service account.',
      },
    },
  ],
  [
    /OIDC|customer.managed.secret|workload/i,
    {
      code: 'ERR_VAULT_CREDENTIAL_INVALID',
      explanation: {
        failed: "1Password does not accept this job's workload identity.",
        known:
          'GitHub gave no token, the integration key is not one, or the workload allows other jobs only.',
        next: 'Check "id-token: write" of the job, OP_INTEGRATION_KEY, and the workload in 1Password.',
      },
    },
  ],
  [
    /not authenticated|bad credentials|Server hash was invalid|please rotate it|AuthExpired|FailedToDecrypt/,
    {
      code: 'ERR_VAULT_CREDENTIAL_INVALID',
      explanation: {
        failed: '1Password does not accept the service account token.',
        known: 'It was revoked, has expired, or belongs to another account.',
        next: 'Make a new token, and replace OP_SERVICE_ACCOUNT_TOKEN.',
      },
    },
  ],
  [
    /authentication error: .*right permissions/,
    {
      code: 'ERR_VAULT_CREDENTIAL_INVALID',
      explanation: {
        failed: '1Password refused to sign the service account in.',
        known:
          "A firewall rule of the account may forbid this machine's address, or service accounts are off.",
        next: "Ask who administers the 1Password account, with this machine's address at hand.",
      },
    },
  ],
  [
    /authentication error: resource not found|bad data provided to builder/,
    {
      code: 'ERR_VAULT_CREDENTIAL_INVALID',
      explanation: {
        failed: 'There is no 1Password at the address that the token names.',
        known: 'The token carries the address of its account.',
        next: 'Copy the token again; if it stays so, make a new service account.',
      },
    },
  ],
  [
    /right permissions/,
    {
      code: 'ERR_VAULT_DENIED',
      explanation: {
        failed: '1Password denied access.',
        known: 'The service account has no read_items permission there.',
        next: 'Permissions are fixed when a service account is made: make one that can read this vault.',
      },
    },
  ],
  [
    /TOTP code could not be generated|TOTP attribute can only be applied/,
    {
      code: 'ERR_TOTP_SEED_INVALID',
      explanation: {
        failed: 'The field gives no one-time code.',
        known: 'It is not a one-time password field, or holds no usable seed.',
        next: "Add a one-time password to the item, and copy that field's reference.",
      },
    },
  ],
  [
    /could not be parsed|invalid (?:query parameter|character)/,
    {
      code: 'ERR_REFERENCE_INVALID',
      explanation: { failed: '1Password finds the reference malformed.', next: 'Copy it from 1Password.' },
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
  [
    /error sending request|fetch failed|retrieving response contents|EOF while parsing/,
    {
      code: 'ERR_VAULT_UNREACHABLE',
      explanation: {
        failed: '1Password could not be reached.',
        known: 'The network failed, and did so again.',
        next: checkNetwork,
      },
      temporary: true,
    },
  ],
  [
    /internal server error|unexpected status code in response: 5|conflict occurred on the server/,
    {
      code: 'ERR_VAULT_UNREACHABLE',
      explanation: {
        failed: "1Password's server failed.",
        known: 'It did so again when it was asked once more.',
        next: 'See https://status.1password.com, and run again.',
      },
      temporary: true,
    },
  ],
  [
    /unexpected status code|when decrypting|when deserializing|bad request/,
    {
      code: 'ERR_VAULT_UNREACHABLE',
      explanation: {
        failed: 'What answered does not speak as 1Password does.',
        known: 'A proxy or a sign-in page of the network may stand in between.',
        next: checkNetwork,
      },
    },
  ],
];
