import type { AuthSessionsErrorCode } from './errors.js';

export interface ErrorAdvice {
  readonly means: string;
  readonly next: string;
}

/** What an error code means and what to do, in general. A test's own error is specific to its session and reference. */
export function adviceFor(code: string): ErrorAdvice {
  return Object.hasOwn(errorAdvice, code) ? errorAdvice[code as AuthSessionsErrorCode] : unknownCode;
}

const unknownCode: ErrorAdvice = {
  means: 'The failure has no code.',
  next: 'See the error of a test that asked for the session.',
};

const runAgain = 'Run again. If it fails again, report it with its message.';

/** Advice by code, in the order of the union. */
export const errorAdvice: Readonly<Record<AuthSessionsErrorCode, ErrorAdvice>> = {
  ERR_CONFIG_INVALID: {
    means: 'The sessions file or the config has invalid values.',
    next: 'Fix what the message lists. It lists every problem at once.',
  },
  ERR_CONFIG_NOT_WRAPPED: {
    means: 'The Playwright config does not use withAuthSessions, or its global setup did not run.',
    next: 'Wrap the config in withAuthSessions.',
  },
  ERR_SESSIONS_FILE_MISSING: {
    means: 'The sessions file that the config names does not exist.',
    next: 'Fix the path in withAuthSessions.',
  },
  ERR_SESSIONS_FILE_BROKEN: {
    means: 'The sessions file cannot be loaded.',
    next: 'Compile the file, and fix the errors shown.',
  },
  ERR_SESSION_UNKNOWN: {
    means: 'A test asked for a session that the sessions file does not declare.',
    next: 'Fix the name, or declare the session.',
  },
  ERR_SESSION_TYPE: {
    means: 'A session was used in a way that its type does not support.',
    next: 'Pass parameters only to sessions of type runtime. Ask for credentials only of sessions of type credentials.',
  },
  ERR_PARAMETER_UNKNOWN: {
    means: 'A flow reads a parameter that its session does not declare.',
    next: 'Declare the parameter, or fix its name in the flow.',
  },
  ERR_PROXY_PINNED: {
    means: 'A test uses a session with another proxy than the session sets.',
    next: 'Remove proxy from test.use, or from the session.',
  },
  ERR_HEADERS_INVALID: {
    means: "A flow's create returns headers that cannot be sent, or names no origin.",
    next: 'Return { headers: { Authorization: … } }. Give the session a baseURL, or return origins too.',
  },
  ERR_HEADERS_UNSUPPORTED: {
    means:
      "Playwright cannot limit a session's headers to its origins: in another browser than Chromium, or elsewhere.",
    next: 'Use request in these tests, or a project with Chromium.',
  },
  ERR_REFERENCE_INVALID: {
    means: 'A secret reference is malformed, or contains a variable that is not set.',
    next: 'Copy the reference from 1Password, or set the variable.',
  },
  ERR_FLOW_MISSING: {
    means: 'The file of an auth flow does not exist.',
    next: 'Fix its path. It is relative to the sessions file.',
  },
  ERR_FLOW_BROKEN: {
    means: 'An auth flow cannot be loaded, or its file does not export one.',
    next: 'Export the result of defineAuthFlow as default.',
  },
  ERR_ENVIRONMENT_MISSING: {
    means: 'The vault credential is missing.',
    next: 'Set OP_SERVICE_ACCOUNT_TOKEN, or set whenMissing.',
  },
  ERR_SECRET_MISSING: {
    means: 'An environment variable that redact.environment requires is not set.',
    next: 'Set it where the run starts, or drop required.',
  },
  ERR_VAULT_CREDENTIAL_INVALID: {
    means: '1Password rejected the vault credential.',
    next: 'Create a new service account token, and set it where the run starts.',
  },
  ERR_VAULT_APP_UNAVAILABLE: {
    means: 'The 1Password app is not installed, is locked, or did not allow access.',
    next: 'Unlock the app and run again, or set OP_SERVICE_ACCOUNT_TOKEN.',
  },
  ERR_VAULT_DENIED: {
    means: 'The vault credential has no access to what a reference names.',
    next: 'Give the service account read access to that vault.',
  },
  ERR_VAULT_NOT_FOUND: {
    means: 'A reference names a vault, item or field that does not exist.',
    next: 'Check its spelling, or copy the reference from 1Password.',
  },
  ERR_VAULT_AMBIGUOUS: {
    means: 'A reference matches more than one vault, item or field.',
    next: 'Use IDs instead of names, or rename one of the items.',
  },
  ERR_VALUE_UNUSABLE: {
    means:
      'A reference has a value that cannot be used: a file of bytes, too large, or of a type that is not read.',
    next: 'Add ?encoding=base64 for a file that is not text. Otherwise refer to another field or file.',
  },
  ERR_VAULT_RATE_LIMITED: {
    means: 'The account has reached a 1Password rate limit.',
    next: 'Wait as long as the message says. Keep sessions stored, so that runs send fewer requests.',
  },
  ERR_VAULT_UNREACHABLE: {
    means: '1Password could not be reached, or did not answer in time.',
    next: 'Check the network and the proxy between the run and 1Password.',
  },
  ERR_VAULT_UNTRUSTED: {
    means: 'The response is not from 1Password.',
    next: 'Check the network and the proxy between the run and 1Password.',
  },
  ERR_VAULT_BUDGET_SPENT: {
    means: 'The run has reached its limit of vault requests, maxVaultRequests.',
    next: 'Find out what signs in so often, or raise the limit.',
  },
  ERR_VAULT_FAILED: { means: '1Password returned an unrecognized error.', next: runAgain },
  ERR_LEAST_PRIVILEGE: {
    means: 'The vault credential has more access than the sessions need.',
    next: 'Create a service account with read access to one vault only.',
  },
  ERR_LOCAL_FILE_INVALID: {
    means: 'The local credentials file cannot be read, or a line of it is invalid.',
    next: 'Fix what the message names.',
  },
  ERR_LOCAL_CREDENTIAL_MISSING: {
    means: 'A key is missing in the local credentials file.',
    next: 'Add the keys that the message names.',
  },
  ERR_TOTP_SEED_INVALID: {
    means: 'A one-time password is neither a Base32 seed nor an otpauth URI.',
    next: 'Copy the seed from the application again.',
  },
  ERR_TOTP_NOT_DECLARED: {
    means:
      'A flow or a test asked for a one-time code, but the session has no reference for it, or its login has none.',
    next: "Add a one-time password to the item of its login, or to its parameters: otp: 'op://vault/item/one-time password?attribute=otp'.",
  },
  ERR_TOTP_UNAVAILABLE: {
    means: 'No unused code with enough time left was available.',
    next: 'Check the period of the code and codes.minRemainingSeconds.',
  },
  ERR_TOTP_MISMATCH: {
    means: 'A one-time code does not have the number of digits that the session declares.',
    next: 'Fix totp.digits of the session, or the one-time password in the vault.',
  },
  ERR_MAILBOX_NOT_DECLARED: {
    means: 'A flow reads mail, and its session declares no mailbox.',
    next: 'Add mailbox to the session.',
  },
  ERR_MAILBOX_REFUSED: {
    means: 'The mail server rejected the username or the password of the mailbox.',
    next: 'Fix the values in the vault. Some providers need an app password.',
  },
  ERR_MAILBOX_UNREACHABLE: {
    means: 'The mailbox cannot be read: no connection, no answer, or an error of the server or the adapter.',
    next: 'Check host, port, tls and caFile of the mailbox, and the network of this machine.',
  },
  ERR_MAIL_MISSING: {
    means: 'No message to the account arrived in time. The message says what arrived instead.',
    next: 'Compare mailbox.address with the address that the application writes to, or raise mailbox.maxWaitSeconds.',
  },
  ERR_MAIL_UNREADABLE: {
    means: 'The mail that arrived has no code or link, or several.',
    next: 'Pass a pattern that finds one: mailbox.code({ pattern: /…/ }).',
  },
  ERR_CREDENTIALS_REJECTED: {
    means:
      'The application rejected the credentials. They are not sent again for a day, so that the account is not locked.',
    next: 'Fix the values in the vault: new values are used at once. To send the same values again, run: npx playwright-auth-sessions renew NAME',
  },
  ERR_ACCOUNT_LOCKED: {
    means: 'The application reported that the account is locked. No sign-in to it is tried for an hour.',
    next: 'Find out what sent the wrong password. Unlock the account, or wait. Then run: npx playwright-auth-sessions renew NAME',
  },
  ERR_HUMAN_NEEDED: {
    means:
      'The application or the flow asked for a person, for a captcha or a code. The sign-in is not tried again in this run.',
    next: 'Run npx playwright-auth-sessions create NAME --headed. Or turn this off for test accounts, or sign in by hand with record NAME.',
  },
  ERR_SIGN_IN_FAILED: {
    means: 'The auth flow threw an error.',
    next: 'Look at the steps and the screenshot attached to the test, then fix the flow or the application.',
  },
  ERR_SIGN_IN_TIMEOUT: {
    means: 'The auth flow took longer than its timeoutSeconds.',
    next: 'Look at its last step, attached to the test. --headed shows the browser that signs in.',
  },
  ERR_NOT_SIGNED_IN: {
    means: 'The auth flow, or the recording, ended without being signed in.',
    next: 'Let the flow wait for an element visible only when signed in, or fix its check. Finish the sign-in when you record.',
  },
  ERR_STATE_NOT_PORTABLE: {
    means: 'A stored state does not work in another browser or context than the one that signed in.',
    next: 'Follow the error: it names what differs. Often a check in a page helps: check({ page }). For several kinds of browsers, declare a session for each.',
  },
  ERR_SIGN_OUT_FAILED: {
    means: "The flow's destroy threw an error, or its check still passes afterwards.",
    next: 'Fix destroy in the flow. If the application cannot end a session, leave destroy out.',
  },
  ERR_SESSION_EXPIRED: {
    means: 'The session is no longer signed in, and renew is false.',
    next: 'Set renew to true, or remove the stored session.',
  },
  ERR_SESSION_SIGNED_OUT: {
    means: 'The session was signed out while a test used it. It is checked before the next test gets it.',
    next: "If the test signs out, call authSessions.invalidate. If the application replaces its cookie, set writeBack: 'test'.",
  },
  ERR_SESSION_BUSY: {
    means: 'Another run has been using the session for minutes.',
    next: 'Wait for that run, or stop it.',
  },
  ERR_SESSION_IN_USE: {
    means: 'All accounts of a pool, or all uses of a session, were taken for as long as the test waits.',
    next: 'Use fewer workers, add accounts, or raise maxWaitSeconds. Ask for exclusive sessions in one order.',
  },
  ERR_LEASE_LOST: {
    means:
      'The process was suspended, or cut off from its store, for so long that another run may use the session.',
    next: 'Check the connection to the store, and run again.',
  },
  ERR_RECORDING_NEEDED: {
    means: 'A session of type recorder needs a sign-in by hand.',
    next: 'Run: npx playwright-auth-sessions record NAME',
  },
  ERR_BROWSER_MISSING: {
    means: 'No browser was found.',
    next: 'Run npx playwright install, or set AUTH_SESSIONS_BROWSER.',
  },
  ERR_BROWSER_FAILED: {
    means: 'The browser did not start.',
    next: "Read the browser's error in the message.",
  },
  ERR_DISPLAY_MISSING: {
    means: 'A visible browser needs a display.',
    next: 'Run the command on a machine with a display, or prefix it with xvfb-run.',
  },
  ERR_STORE_UNWRITABLE: {
    means: 'The session store is not writable, or its entries cannot be read back.',
    next: 'Check the owner of its folder and the free disk space.',
  },
  ERR_STORE_UNREACHABLE: {
    means: 'The Redis that holds the sessions does not answer, or refuses the connection.',
    next: "Start it, check AUTH_SESSIONS_STORE_URL, or set store.whenStoreUnavailable to 'local'.",
  },
  ERR_STORE_KEY_INVALID: {
    means: 'The key of the session store is not valid.',
    next: 'Set AUTH_SESSIONS_KEY to 32 random bytes in base64, or unset it.',
  },
  ERR_FOLDER_NOT_PRIVATE: {
    means: 'Other users of the machine can change a folder or file that must be private.',
    next: 'Run chmod 700 on it, or use a folder on a disk that supports file modes.',
  },
  ERR_STATE_TOO_LARGE: {
    means: 'A storage state is too large to write back after a test.',
    next: "Set writeBack: 'check' for the session.",
  },
  ERR_STATE_REPLACED: {
    means: 'The state that a test left was not stored, because the store has another sign-in, or none.',
    next: 'Run again: the next test gets what is stored, or signs in. Do not empty the store during a run.',
  },
  ERR_PASSKEY_COUNTER_SPENT: {
    means:
      "A passkey's signature counter has no unused values left, or a test opened too many contexts with one state.",
    next: 'Open contexts with authSessions.newContext. If the counter is used up, remove the session, and register a new passkey.',
  },
  ERR_BROKER_UNREACHABLE: {
    means: 'The broker of the run is not reachable, or belongs to another run.',
    next: 'Run the whole suite again with npx playwright test.',
  },
  ERR_BROKER_NOT_STARTED: {
    means: 'The process that signs in did not start.',
    next: 'Read its output above, then run again.',
  },
  ERR_BROKER_LOST: { means: 'The process that signs in ended unexpectedly.', next: runAgain },
  ERR_BROKER_REQUEST: {
    means: 'A worker sent the broker an invalid request.',
    next: 'Use the fixtures of one version of this package. Do not send requests to the broker yourself.',
  },
  ERR_PLAYWRIGHT_UNKNOWN: {
    means:
      'This Playwright version is not supported: its traces cannot be redacted, or its recorder cannot be used.',
    next: "Update this package. For traces, set use: { trace: 'off' } until a version supports it.",
  },
  ERR_PLAYWRIGHT_TOO_OLD: {
    means: 'A session needs more than this version of Playwright can do.',
    next: 'Update Playwright.',
  },
  ERR_STOPPED: { means: 'The run was stopped.', next: 'Start the run again.' },
  ERR_USAGE: {
    means: 'A command got invalid arguments.',
    next: 'Run: npx playwright-auth-sessions COMMAND --help',
  },
  ERR_PLAYWRIGHT_MISSING: {
    means: '@playwright/test is not installed in the project.',
    next: 'Install the packages of the project.',
  },
  ERR_PLAYWRIGHT_CONFIG: {
    means: 'No Playwright config was found, or it cannot be loaded.',
    next: 'Run the command in the project, or name the config with --config.',
  },
  ERR_FILE_UNUSABLE: {
    means: 'A file or folder could not be used.',
    next: 'Check its permissions and the free disk space.',
  },
  ERR_UNEXPECTED: { means: 'An unexpected error occurred.', next: runAgain },
};
