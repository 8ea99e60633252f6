import type { Explanation } from '../../core/errors.js';
import type { Trouble } from './trouble.js';

const tokenRefused: Explanation = {
  failed: '1Password rejected the service account token.',
  known: 'It was revoked, has expired, or belongs to another account.',
  next: 'Create a new token, and replace OP_SERVICE_ACCOUNT_TOKEN.',
};

/** Errors of the SDK about authentication. */
export const credentialTroubles: readonly (readonly [RegExp, Trouble])[] = [
  [
    /Native library is not available|desktop application not found|Unsupported platform/,
    {
      code: 'ERR_VAULT_APP_UNAVAILABLE',
      explanation: {
        failed: 'The 1Password app is not available.',
        known: 'It is not installed on this machine, or too old.',
        next:
          'Install the 1Password app, turn on Settings > Developer > Integrate with other apps, and unlock it, ' +
          'or set OP_SERVICE_ACCOUNT_TOKEN.',
      },
    },
  ],
  [
    /DesktopSessionExpired|desktop session|user (?:denied|dismissed|cancel)|account not found|prompt was dismissed/i,
    {
      code: 'ERR_VAULT_APP_UNAVAILABLE',
      explanation: {
        failed: 'The 1Password app denied access.',
        known: 'It is locked, its prompt was declined, or it has no account of this name.',
        next: 'Unlock the app, check onePassword.auth.desktopAccount, and run again.',
      },
    },
  ],
  [
    /invalid service account token|service account token had invalid format|requires either `auth`/,
    {
      code: 'ERR_VAULT_CREDENTIAL_INVALID',
      explanation: {
        failed: 'The service account token is malformed.',
        known: 'A token begins with "ops_" and is one long line without spaces.',
        next: 'Copy the token again, or create a new service account.',
      },
    },
  ],
  [
    /invocation not supported/,
    {
      code: 'ERR_CONFIG_INVALID',
      explanation: {
        failed: 'A workload identity reads only Environments.',
        next: 'Write op-env://ENVIRONMENT_ID/NAME, or set OP_SERVICE_ACCOUNT_TOKEN.',
      },
    },
  ],
  [
    /customer.managed.secret/i,
    {
      code: 'ERR_VAULT_CREDENTIAL_INVALID',
      explanation: {
        failed: 'The integration key is malformed.',
        known: 'A key begins with "ops_" and is one long line without spaces.',
        next: 'Copy the integration key of the workload again, and replace OP_INTEGRATION_KEY.',
      },
    },
  ],
  [
    /OIDC token service: fetch failed/,
    {
      code: 'ERR_VAULT_UNREACHABLE',
      explanation: {
        failed: "GitHub's token service could not be reached.",
        known: 'The network failed, also on a retry.',
        next: 'Check the network of the runner, and run again.',
      },
      temporary: true,
    },
  ],
  [
    /authn token service returned status 4(?!29)|OIDC|workload/i,
    {
      code: 'ERR_VAULT_CREDENTIAL_INVALID',
      explanation: {
        failed: "1Password rejected this job's workload identity.",
        known: 'The workload does not allow this job, or the UUID or the integration key is of another one.',
        next: 'Check onePassword.auth.workloadIdentity, OP_INTEGRATION_KEY, and the workload in 1Password.',
      },
    },
  ],
  [
    /bad credentials, please retry|AuthExpired/,
    {
      code: 'ERR_VAULT_UNREACHABLE',
      explanation: {
        failed: '1Password ended the session repeatedly.',
        known: 'It accepts the token, but rejects the requests made with it.',
        next: 'Run again. If it fails again, create a new token.',
      },
      signedOut: true,
    },
  ],
  [
    /Server hash was invalid/,
    {
      code: 'ERR_VAULT_UNTRUSTED',
      explanation: {
        failed: 'The server could not prove that it is 1Password, so nothing was requested.',
        known: "It does not know the token's key: a proxy may be in between.",
        next: 'Check the network and any proxy. If it fails again, create a new token.',
      },
    },
  ],
  [
    /not authenticated|please rotate it|Decrypting(?:Symmetric|Private)Key\(GcmFailedToDecrypt\)/,
    { code: 'ERR_VAULT_CREDENTIAL_INVALID', explanation: tokenRefused },
  ],
  [
    /authentication error: .*right permissions/,
    {
      code: 'ERR_VAULT_CREDENTIAL_INVALID',
      explanation: {
        failed: "1Password denied the service account's sign-in.",
        known:
          "A firewall rule of the account may forbid this machine's address, or service accounts are off.",
        next: "Ask the administrator of the 1Password account, and give them this machine's address.",
      },
    },
  ],
  [
    /authentication error: resource not found|bad data provided to builder/,
    {
      code: 'ERR_VAULT_CREDENTIAL_INVALID',
      explanation: {
        failed: 'The address in the token is not 1Password.',
        known: 'A token contains the address of its account.',
        next: 'Copy the token again. If it fails again, create a new service account.',
      },
    },
  ],
];
