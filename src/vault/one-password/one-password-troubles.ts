import { credentialTroubles } from './credential-troubles.js';
import { environmentTroubles } from './environment-troubles.js';
import { referenceTroubles } from './reference-troubles.js';
import { rateLimited } from './refusals.js';
import type { Trouble } from './trouble.js';

/** Classifies anything that the SDK threw. Its text is not passed on: it may quote its input. */
export function troubleOf(error: unknown): Trouble {
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return byText.find(([pattern]) => pattern.test(text))?.[1] ?? unknown;
}

const unknown: Trouble = {
  code: 'ERR_VAULT_FAILED',
  explanation: {
    failed: 'Unrecognized 1Password error.',
    next: 'Run again. If it fails again, report it with the version of @1password/sdk.',
  },
};

const checkNetwork = 'Check the network, any proxy, and https://status.1password.com. Then run again.';

/** Errors of 1Password in general. */
const generalTroubles: readonly (readonly [RegExp, Trouble])[] = [
  [
    /rate limit exceeded|too many requests|returned status 429/i,
    {
      code: 'ERR_VAULT_RATE_LIMITED',
      explanation: rateLimited(undefined, 0).explanation,
    },
  ],
  [
    /^RuntimeError|: RuntimeError|unreachable executed|^Error: unreachable|recursive use of an object|null pointer passed to rust/,
    {
      code: 'ERR_VAULT_FAILED',
      explanation: {
        failed: "1Password's SDK crashed.",
        known: 'It crashed again with a new client, and is not used again in this run.',
        next: 'Run again. If it fails again, report it with the version of @1password/sdk.',
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
        known: 'The network failed, also on a retry.',
        next: checkNetwork,
      },
      temporary: true,
    },
  ],
  [
    /internal server error|unexpected status code in response: 5|returned status 5|conflict occurred on the server/,
    {
      code: 'ERR_VAULT_UNREACHABLE',
      explanation: {
        failed: "1Password's server failed.",
        known: 'It failed again on a retry.',
        next: 'See https://status.1password.com, and run again.',
      },
      temporary: true,
    },
  ],
  [
    /unexpected status code|when deserializing|authn token client|bad request|decrypting|SRP exchange|pbkdf2|decoding of salt/i,
    {
      code: 'ERR_VAULT_UNTRUSTED',
      explanation: {
        failed: 'The response is not from 1Password.',
        known: 'A proxy or a sign-in page of the network may be in between.',
        next: checkNetwork,
      },
    },
  ],
];

/** The first match counts: specific before general. */
const byText = [
  ...generalTroubles,
  ...environmentTroubles,
  ...credentialTroubles,
  ...referenceTroubles,
  ...networkTroubles,
];
