/** Every failure a user can meet. A code never changes its meaning. */
export type AuthSessionsErrorCode =
  | DeclarationErrorCode
  | VaultErrorCode
  | MailErrorCode
  | SignInErrorCode
  | HandOverErrorCode
  | CommandErrorCode;

/** Declarations of the project. */
export type DeclarationErrorCode =
  | 'ERR_CONFIG_INVALID'
  | 'ERR_CONFIG_NOT_WRAPPED'
  | 'ERR_SESSIONS_FILE_MISSING'
  | 'ERR_SESSIONS_FILE_BROKEN'
  | 'ERR_SESSION_UNKNOWN'
  | 'ERR_SESSION_TYPE'
  | 'ERR_SESSION_REQUIRED'
  | 'ERR_PARAMETER_UNKNOWN'
  | 'ERR_PROXY_PINNED'
  | 'ERR_HEADERS_INVALID'
  | 'ERR_HEADERS_UNSUPPORTED'
  | 'ERR_REFERENCE_INVALID'
  | 'ERR_FLOW_MISSING'
  | 'ERR_FLOW_BROKEN';

/** The vault, local credentials, and one-time codes. */
export type VaultErrorCode =
  | 'ERR_ENVIRONMENT_MISSING'
  | 'ERR_SECRET_MISSING'
  | 'ERR_VAULT_CREDENTIAL_INVALID'
  | 'ERR_VAULT_APP_UNAVAILABLE'
  | 'ERR_VAULT_DENIED'
  | 'ERR_VAULT_NOT_FOUND'
  | 'ERR_VAULT_AMBIGUOUS'
  | 'ERR_VAULT_RATE_LIMITED'
  | 'ERR_VAULT_UNREACHABLE'
  | 'ERR_VAULT_UNTRUSTED'
  | 'ERR_VAULT_BUDGET_SPENT'
  | 'ERR_VAULT_FAILED'
  | 'ERR_LEAST_PRIVILEGE'
  | 'ERR_LOCAL_FILE_INVALID'
  | 'ERR_LOCAL_CREDENTIAL_MISSING'
  | 'ERR_TOTP_SEED_INVALID'
  | 'ERR_TOTP_NOT_DECLARED'
  | 'ERR_TOTP_UNAVAILABLE'
  | 'ERR_TOTP_MISMATCH';

/** Codes and links by mail. */
export type MailErrorCode =
  | 'ERR_MAILBOX_NOT_DECLARED'
  | 'ERR_MAILBOX_REFUSED'
  | 'ERR_MAILBOX_UNREACHABLE'
  | 'ERR_MAIL_MISSING'
  | 'ERR_MAIL_UNREADABLE';

/** Signing in, staying signed in, and using a session. */
export type SignInErrorCode =
  | 'ERR_CREDENTIALS_REJECTED'
  | 'ERR_ACCOUNT_LOCKED'
  | 'ERR_HUMAN_NEEDED'
  | 'ERR_SIGN_IN_FAILED'
  | 'ERR_SIGN_IN_TIMEOUT'
  | 'ERR_BASE_URL_MISSING'
  | 'ERR_APPLICATION_UNREACHABLE'
  | 'ERR_NOT_SIGNED_IN'
  | 'ERR_STATE_NOT_PORTABLE'
  | 'ERR_SESSION_DEVICE_BOUND'
  | 'ERR_SIGN_OUT_FAILED'
  | 'ERR_SESSION_EXPIRED'
  | 'ERR_SESSION_SIGNED_OUT'
  | 'ERR_SESSION_BUSY'
  | 'ERR_SESSION_IN_USE'
  | 'ERR_LEASE_LOST'
  | 'ERR_RECORDING_NEEDED'
  | 'ERR_BROWSER_MISSING'
  | 'ERR_BROWSER_FAILED'
  | 'ERR_DISPLAY_MISSING';

/** Storing sessions, and passing them to tests. */
export type HandOverErrorCode =
  | 'ERR_STORE_UNWRITABLE'
  | 'ERR_STORE_UNREACHABLE'
  | 'ERR_STORE_KEY_INVALID'
  | 'ERR_FOLDER_NOT_PRIVATE'
  | 'ERR_STATE_TOO_LARGE'
  | 'ERR_STATE_REPLACED'
  | 'ERR_PASSKEY_COUNTER_SPENT'
  | 'ERR_BROKER_UNREACHABLE'
  | 'ERR_BROKER_NOT_STARTED'
  | 'ERR_BROKER_LOST'
  | 'ERR_BROKER_REQUEST'
  | 'ERR_PLAYWRIGHT_UNKNOWN'
  | 'ERR_PLAYWRIGHT_TOO_OLD'
  | 'ERR_STOPPED';

/** The command line. */
export type CommandErrorCode =
  | 'ERR_USAGE'
  | 'ERR_PLAYWRIGHT_MISSING'
  | 'ERR_PLAYWRIGHT_CONFIG'
  | 'ERR_FILE_UNUSABLE'
  | 'ERR_UNEXPECTED';

/** What a code means and what to do, in general. */
export interface ErrorAdvice {
  readonly means: string;
  readonly next: string;
}
