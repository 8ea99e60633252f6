import type { Explanation } from '../../core/errors.js';
import type { Trouble } from './trouble.js';

const tokenRefused: Explanation = {
  failed: '1Password does not accept the service account token.',
  known: 'It was revoked, has expired, or belongs to another account.',
  next: 'Make a new token, and replace OP_SERVICE_ACCOUNT_TOKEN.',
};

/** What the SDK says when it is about who asks. */
export const credentialTroubles: readonly (readonly [RegExp, Trouble])[] = [
  [
    /Native library is not available|desktop application not found|Unsupported platform/,
    {
      code: 'ERR_VAULT_APP_UNAVAILABLE',
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
      code: 'ERR_VAULT_APP_UNAVAILABLE',
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
    /bad credentials, please retry|AuthExpired/,
    {
      code: 'ERR_VAULT_UNREACHABLE',
      explanation: {
        failed: '1Password ended the session again and again.',
        known: 'It takes the token, and then refuses what is asked with it.',
        next: 'Run again; if it stays so, make a new token.',
      },
      signedOut: true,
    },
  ],
  [
    /Server hash was invalid/,
    {
      code: 'ERR_VAULT_UNTRUSTED',
      explanation: {
        failed: 'What answered could not prove that it is 1Password, so nothing was asked of it.',
        known: 'It does not know what the token was made with: something may stand in between.',
        next: 'Check the network and a proxy in between; if it stays so, make a new token.',
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
];
