import type { Trouble } from './trouble.js';
import { credentialTroubles } from './credential-troubles.js';
import { referenceTroubles } from './reference-troubles.js';

/** Of anything that the SDK has thrown. Its text goes no further: it may quote what it was given. */
export function troubleOf(error: unknown): Trouble {
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return byText.find(([pattern]) => pattern.test(text))?.[1] ?? unknown;
}

const unknown: Trouble = {
  code: 'ERR_VAULT_FAILED',
  explanation: {
    failed: '1Password gave an error that is not known here.',
    next: 'Run again; if it stays so, report it with the version of @1password/sdk.',
  },
};

const checkNetwork =
  'Check the network, a proxy in between, and https://status.1password.com; then run again.';

/** Of 1Password as a whole. */
const generalTroubles: readonly (readonly [RegExp, Trouble])[] = [
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
        known: 'It did so again with a new client, and is not asked again in this run.',
        next: 'Run again; if it stays so, report it with the version of @1password/sdk.',
      },
      panic: true,
    },
  ],
];

const networkTroubles: readonly (readonly [RegExp, Trouble])[] = [
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
    /unexpected status code|when deserializing|bad request|decrypting|SRP exchange|pbkdf2|decoding of salt/i,
    {
      code: 'ERR_VAULT_UNTRUSTED',
      explanation: {
        failed: 'What answered does not speak as 1Password does.',
        known: 'A proxy or a sign-in page of the network may stand in between.',
        next: checkNetwork,
      },
    },
  ],
];

/** The first that fits counts: the particular before the general. */
const byText = [...generalTroubles, ...credentialTroubles, ...referenceTroubles, ...networkTroubles];
