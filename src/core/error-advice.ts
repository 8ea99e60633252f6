import type { AuthSessionsErrorCode } from './errors.js';

export interface ErrorAdvice {
  readonly means: string;
  readonly next: string;
}

/** What a code means and what to do, in general; the error of a test says it for its session and reference. */
export function adviceFor(code: string): ErrorAdvice {
  return Object.hasOwn(errorAdvice, code) ? errorAdvice[code as AuthSessionsErrorCode] : unknownCode;
}

const unknownCode: ErrorAdvice = {
  means: 'It failed in a way that has no code.',
  next: 'See the error of a test that asked for it.',
};

const readAgain = 'Run again; if it stays so, report it with its message.';

/** By code, in the order of the union. */
export const errorAdvice: Readonly<Record<AuthSessionsErrorCode, ErrorAdvice>> = {
  ERR_CONFIG_INVALID: {
    means: 'The sessions file or the config says something that cannot be.',
    next: 'Mend what the message names; it names everything at once.',
  },
  ERR_SESSIONS_FILE_MISSING: {
    means: 'The sessions file is not where the config says.',
    next: 'Mend the path in withAuthSessions.',
  },
  ERR_SESSIONS_FILE_BROKEN: {
    means: 'The sessions file does not load.',
    next: 'Run it through the compiler, and mend what that says.',
  },
  ERR_SESSION_UNKNOWN: {
    means: 'A test asked for a session that is not declared.',
    next: 'Mend the name, or declare the session.',
  },
  ERR_SESSION_TYPE: {
    means: 'A session was asked for in a way that its type does not have.',
    next: 'Parameters at run time are for sessions of type runtime, credentials for those of type credentials.',
  },
  ERR_REFERENCE_INVALID: {
    means: 'A secret reference is malformed, or names a variable that is not set.',
    next: 'Copy the reference from 1Password, or set the variable.',
  },
  ERR_FLOW_MISSING: {
    means: 'The file of an auth flow is not there.',
    next: 'Mend its path; it is relative to the sessions file.',
  },
  ERR_FLOW_BROKEN: {
    means: 'An auth flow does not load, or its file exports none.',
    next: 'Export it as default from defineAuthFlow.',
  },
  ERR_ENVIRONMENT_MISSING: {
    means: 'There is no vault credential where one is expected.',
    next: 'Set OP_SERVICE_ACCOUNT_TOKEN, or choose whenMissing.',
  },
  ERR_SECRET_MISSING: {
    means: 'An environment variable that redact.environment requires is not set.',
    next: 'Set it where the run starts, or drop required.',
  },
  ERR_VAULT_CREDENTIAL_INVALID: {
    means: '1Password does not take the vault credential.',
    next: 'Make a new service account token, and set it where the run starts.',
  },
  ERR_VAULT_DENIED: {
    means: 'The vault credential may not read what a reference names.',
    next: 'Give the service account read access to that vault.',
  },
  ERR_VAULT_NOT_FOUND: {
    means: 'A reference names a vault, an item or a field that is not there.',
    next: 'Check its spelling, or copy the reference from 1Password.',
  },
  ERR_VAULT_AMBIGUOUS: {
    means: 'A reference names more than one thing.',
    next: 'Use IDs in place of names, or rename one of the items.',
  },
  ERR_VAULT_RATE_LIMITED: {
    means: '1Password answers no more requests of this account for now.',
    next: 'Wait for the time that the message tells; keep sessions stored, so that runs ask less.',
  },
  ERR_VAULT_UNREACHABLE: {
    means: '1Password did not answer in time.',
    next: 'Check the network and the proxy between the run and 1Password.',
  },
  ERR_VAULT_BUDGET_SPENT: {
    means: 'The run has sent as many requests as maxVaultRequests allows.',
    next: 'Find out what signs in so often, or raise the limit.',
  },
  ERR_VAULT_FAILED: { means: '1Password failed in a way that nobody foresaw.', next: readAgain },
  ERR_LEAST_PRIVILEGE: {
    means: 'The vault credential reaches more than the sessions need.',
    next: 'Make a service account that reads one vault, with read access alone.',
  },
  ERR_LOCAL_FILE_INVALID: {
    means: 'The local credentials file has a line that cannot be read.',
    next: 'Mend the line that the message names.',
  },
  ERR_LOCAL_CREDENTIAL_MISSING: {
    means: 'The local credentials file lacks a key.',
    next: 'Add the keys that the message names.',
  },
  ERR_TOTP_SEED_INVALID: {
    means: 'What should give one-time codes is neither a Base32 seed nor an otpauth URI.',
    next: 'Copy the seed from the application once more.',
  },
  ERR_TOTP_NOT_DECLARED: {
    means: 'A flow or a test asked for a one-time code, and the session has none.',
    next: "Add to its parameters: otp: 'op://vault/item/one-time password?attribute=otp'.",
  },
  ERR_TOTP_UNAVAILABLE: {
    means: 'No code could be had that lives long enough and was never used.',
    next: 'Check the period of the code, and minRemainingSeconds.',
  },
  ERR_CREDENTIALS_REJECTED: {
    means:
      'The application refused the credentials. No session, command or run sends them again for a day, so that nobody is locked out.',
    next: 'Fix the values in the vault: others are tried at once. To send the same ones again, run: npx playwright-auth-sessions renew, with the name.',
  },
  ERR_ACCOUNT_LOCKED: {
    means: 'The application said that the account is locked. Nobody signs in to it for an hour.',
    next: 'Unlock the account, or wait; then run: npx playwright-auth-sessions renew, with the name. Find out what sent the wrong password.',
  },
  ERR_HUMAN_NEEDED: {
    means:
      'The application asked for a person, such as for a captcha. The session is not tried again in this run.',
    next: 'Have the application ask test accounts for none, or sign in by hand: npx playwright-auth-sessions record, with the name.',
  },
  ERR_SIGN_IN_FAILED: {
    means: 'The auth flow threw.',
    next: 'Look at the steps and the screenshot attached to the test, then mend the flow or the application.',
  },
  ERR_SIGN_IN_TIMEOUT: {
    means: 'The auth flow took longer than its timeoutSeconds.',
    next: 'Look at its last step, attached to the test; --headed shows the browser that signs in.',
  },
  ERR_NOT_SIGNED_IN: {
    means: 'The auth flow ended, or the person who recorded did, and nobody was signed in.',
    next: 'Let the flow wait for something that only signed-in people see, or mend its check; record to the end.',
  },
  ERR_SESSION_EXPIRED: {
    means: 'The session is no longer signed in, and must not be signed in again.',
    next: 'Allow renew, or remove the stored session.',
  },
  ERR_SESSION_SIGNED_OUT: {
    means: 'The session was signed out while a test used it. It is checked before the next test gets it.',
    next: "If the test signs out, call authSessions.invalidate. If the application replaces its cookie, set writeBack: 'test'.",
  },
  ERR_SESSION_BUSY: {
    means: 'Another run has worked on the session for minutes.',
    next: 'Wait for it, or end it.',
  },
  ERR_RECORDING_NEEDED: {
    means: 'A session of type recorder has to be signed in by a person.',
    next: 'Run: npx playwright-auth-sessions record, with its name.',
  },
  ERR_BROWSER_MISSING: {
    means: 'The browser that signs in did not start.',
    next: 'Run npx playwright install, or set AUTH_SESSIONS_BROWSER.',
  },
  ERR_STORE_UNWRITABLE: {
    means: 'The session store cannot be written.',
    next: 'Check who owns its folder, and the space on the disk.',
  },
  ERR_STORE_KEY_INVALID: {
    means: 'The key of the session store is not usable.',
    next: 'Set AUTH_SESSIONS_KEY to 32 bytes in base64, or leave it out.',
  },
  ERR_FOLDER_NOT_PRIVATE: {
    means: 'A folder or file that has to be yours alone can be changed by other users of the machine.',
    next: 'Run chmod 700 on it, or name another folder, on a disk that keeps file modes.',
  },
  ERR_BROKER_UNREACHABLE: {
    means: 'The run has no broker.',
    next: 'Wrap the Playwright config in withAuthSessions.',
  },
  ERR_BROKER_LOST: { means: 'The process that signs in ended unexpectedly.', next: readAgain },
  ERR_BROKER_REQUEST: {
    means: 'A worker sent the broker a request that it does not accept.',
    next: 'Use the fixtures of this package, in one version, and do not talk to its broker yourself.',
  },
  ERR_PLAYWRIGHT_UNKNOWN: {
    means:
      'The insides of this Playwright version are not known: its traces cannot be redacted, or its recorder cannot be asked.',
    next: "Update this package; for traces, set use: { trace: 'off' } until there is a version that knows it.",
  },
  ERR_STOPPED: { means: 'The run was stopped.', next: 'Run again when you like.' },
  ERR_USAGE: {
    means: 'A command was given arguments that it does not take.',
    next: 'See what it takes: npx playwright-auth-sessions COMMAND --help.',
  },
  ERR_PLAYWRIGHT_CONFIG: {
    means: 'The command line found no Playwright config that it can read, or one that is not wrapped.',
    next: 'Run it in the project, name the config with --config, and wrap it in withAuthSessions.',
  },
  ERR_UNEXPECTED: { means: 'Something failed that nobody foresaw.', next: readAgain },
};
