import type { AuthSessionsErrorCode } from '../../src/core/error-codes.js';

/** A category in the format of `categories.json`, for Allure 2 and 3. */
export interface AllureCategory {
  readonly name: string;
  readonly description: string;
  readonly messageRegex: string;
}

/** Separates failures of sessions from defects of the product, by the code at the end of our messages. */
export const authSessionCategories: readonly AllureCategory[] = [
  categoryOf('Lost sessions', 'A session is no longer signed in, and must not be signed in again.', [
    'ERR_SESSION_EXPIRED',
    'ERR_RECORDING_NEEDED',
  ]),
  categoryOf(
    'Sign-in failures',
    'A session could not be signed in: the credentials, the flow or the application.',
    [
      'ERR_CREDENTIALS_REJECTED',
      'ERR_ACCOUNT_LOCKED',
      'ERR_HUMAN_NEEDED',
      'ERR_SIGN_IN_FAILED',
      'ERR_SIGN_IN_TIMEOUT',
      'ERR_BASE_URL_MISSING',
      'ERR_APPLICATION_UNREACHABLE',
      'ERR_NOT_SIGNED_IN',
      'ERR_SIGN_OUT_FAILED',
      'ERR_SESSION_BUSY',
      'ERR_LEASE_LOST',
      'ERR_BROWSER_MISSING',
      'ERR_BROWSER_FAILED',
    ],
  ),
  categoryOf(
    'Vault failures',
    'Credentials could not be read: 1Password, its credential, or the local file.',
    [
      'ERR_ENVIRONMENT_MISSING',
      'ERR_VAULT_CREDENTIAL_INVALID',
      'ERR_VAULT_APP_UNAVAILABLE',
      'ERR_VAULT_DENIED',
      'ERR_VAULT_NOT_FOUND',
      'ERR_VAULT_AMBIGUOUS',
      'ERR_VAULT_RATE_LIMITED',
      'ERR_VAULT_UNREACHABLE',
      'ERR_VAULT_UNTRUSTED',
      'ERR_VAULT_BUDGET_SPENT',
      'ERR_VAULT_FAILED',
      'ERR_LEAST_PRIVILEGE',
      'ERR_LOCAL_FILE_INVALID',
      'ERR_LOCAL_CREDENTIAL_MISSING',
      'ERR_TOTP_SEED_INVALID',
      'ERR_TOTP_NOT_DECLARED',
      'ERR_TOTP_UNAVAILABLE',
      'ERR_TOTP_MISMATCH',
    ],
  ),
  {
    name: 'Auth sessions setup',
    description: "Any other failure of auth sessions: the project's declarations, the store, the broker.",
    messageRegex: messageWith('ERR_[A-Z_]+'),
  },
];

function categoryOf(
  name: string,
  description: string,
  codes: readonly AuthSessionsErrorCode[],
): AllureCategory {
  return { name, description, messageRegex: messageWith(codes.join('|')) };
}

/** A Java pattern, which in Allure 2 must match the whole message with its lines. */
function messageWith(codes: string): string {
  return `[\\s\\S]*\\[(?:${codes})\\][\\s\\S]*`;
}
