/** Every failure a user can meet, by a code that never changes its meaning. */
export type AuthSessionsErrorCode =
  // what the project declares
  | 'ERR_CONFIG_INVALID'
  | 'ERR_SESSIONS_FILE_MISSING'
  | 'ERR_SESSIONS_FILE_BROKEN'
  | 'ERR_SESSION_UNKNOWN'
  | 'ERR_SESSION_TYPE'
  | 'ERR_REFERENCE_INVALID'
  | 'ERR_FLOW_MISSING'
  | 'ERR_FLOW_BROKEN'
  // where secrets come from
  | 'ERR_ENVIRONMENT_MISSING'
  | 'ERR_SECRET_MISSING'
  | 'ERR_VAULT_CREDENTIAL_INVALID'
  | 'ERR_VAULT_DENIED'
  | 'ERR_VAULT_NOT_FOUND'
  | 'ERR_VAULT_AMBIGUOUS'
  | 'ERR_VAULT_RATE_LIMITED'
  | 'ERR_VAULT_UNREACHABLE'
  | 'ERR_VAULT_BUDGET_SPENT'
  | 'ERR_VAULT_FAILED'
  | 'ERR_LEAST_PRIVILEGE'
  | 'ERR_LOCAL_FILE_INVALID'
  | 'ERR_LOCAL_CREDENTIAL_MISSING'
  | 'ERR_TOTP_SEED_INVALID'
  | 'ERR_TOTP_NOT_DECLARED'
  | 'ERR_TOTP_UNAVAILABLE'
  // signing in
  | 'ERR_CREDENTIALS_REJECTED'
  | 'ERR_ACCOUNT_LOCKED'
  | 'ERR_HUMAN_NEEDED'
  | 'ERR_SIGN_IN_FAILED'
  | 'ERR_SIGN_IN_TIMEOUT'
  | 'ERR_NOT_SIGNED_IN'
  | 'ERR_SESSION_EXPIRED'
  | 'ERR_SESSION_SIGNED_OUT'
  | 'ERR_SESSION_BUSY'
  | 'ERR_RECORDING_NEEDED'
  | 'ERR_BROWSER_MISSING'
  // keeping and handing out
  | 'ERR_STORE_UNWRITABLE'
  | 'ERR_STORE_UNREACHABLE'
  | 'ERR_STORE_KEY_INVALID'
  | 'ERR_FOLDER_NOT_PRIVATE'
  | 'ERR_BROKER_UNREACHABLE'
  | 'ERR_BROKER_LOST'
  | 'ERR_BROKER_REQUEST'
  | 'ERR_PLAYWRIGHT_UNKNOWN'
  | 'ERR_STOPPED'
  // the command line
  | 'ERR_USAGE'
  | 'ERR_PLAYWRIGHT_CONFIG'
  | 'ERR_UNEXPECTED';

/** The three parts of a message: what failed and for which name; what is known; what to do next. */
export interface Explanation {
  readonly failed: string;
  readonly known?: string | undefined;
  readonly next: string;
}

/** Which session and which secret reference a failure is about; a reference is not itself secret. */
export interface ErrorSubject {
  readonly session?: string | undefined;
  readonly reference?: string | undefined;
  readonly cause?: unknown;
  readonly evidence?: Evidence | undefined;
}

/** Where a sign-in stood when it failed; values are redacted and inputs masked before it is made. */
export interface Evidence {
  readonly url: string;
  readonly title: string;
  /** PNG, base64. */
  readonly screenshot: string | undefined;
  /** What the flow did, a line each: when, how long, what. */
  readonly steps?: readonly string[] | undefined;
  /** What its pages wrote to their consoles as errors. */
  readonly consoleErrors?: readonly string[] | undefined;
}

/**
 * The base of every error this library throws for something that went wrong at run time.
 * Mistakes in calling code are `TypeError`s. The message never holds a secret value.
 */
export class AuthSessionsError extends Error {
  override readonly name: string = 'AuthSessionsError';
  readonly code: AuthSessionsErrorCode;
  readonly explanation: Explanation;
  readonly session: string | undefined;
  readonly reference: string | undefined;
  readonly evidence: Evidence | undefined;

  constructor(code: AuthSessionsErrorCode, explanation: Explanation, subject: ErrorSubject = {}) {
    super(formatExplanation(code, explanation), subject.cause === undefined ? {} : { cause: subject.cause });
    this.code = code;
    this.explanation = explanation;
    this.session = subject.session;
    this.reference = subject.reference;
    this.evidence = subject.evidence;
  }
}

/**
 * Thrown by an auth flow when the application said no to the credentials themselves: a wrong password or a wrong
 * code. They are not sent again, by any session, command or run, until the vault has others; so nobody is locked out.
 *
 * @example
 * if (await page.getByText('Wrong email or password').isVisible())
 *   throw new CredentialsRejectedError('The sign-in page said: wrong email or password');
 */
export class CredentialsRejectedError extends Error {
  override readonly name = 'CredentialsRejectedError';
  readonly code = 'ERR_CREDENTIALS_REJECTED';
}

/**
 * Thrown by an auth flow when the application said that the account is locked or blocked. Nobody signs in to the
 * account for an hour: an attempt could prolong the lock.
 *
 * @example
 * if (await page.getByText('This account is locked').isVisible())
 *   throw new AccountLockedError('The sign-in page said: this account is locked for 15 minutes');
 */
export class AccountLockedError extends Error {
  override readonly name = 'AccountLockedError';
  readonly code = 'ERR_ACCOUNT_LOCKED';
}

/**
 * Thrown by an auth flow when the application asked for a person: a captcha, a push to a telephone. The session is
 * not tried again in this run.
 *
 * @example
 * if (await page.getByTitle('reCAPTCHA').isVisible()) throw new HumanNeededError('The sign-in page has a captcha');
 */
export class HumanNeededError extends Error {
  override readonly name = 'HumanNeededError';
  readonly code = 'ERR_HUMAN_NEEDED';
}

/** Each once: what is wrong for all sessions alike, as a file that cannot be read, comes once for each of them. */
export function distinctErrors(errors: readonly AuthSessionsError[]): readonly AuthSessionsError[] {
  const isSame = (one: AuthSessionsError, other: AuthSessionsError) =>
    one.message === other.message && one.session === other.session && one.reference === other.reference;
  return errors.filter((error, index) => errors.findIndex((other) => isSame(error, other)) === index);
}

/** Several errors told at once, so that a person mends them in one go. */
export function joinErrors(all: readonly AuthSessionsError[]): AuthSessionsError {
  const errors = distinctErrors(all);
  const [first, ...others] = errors;
  if (!first) throw new TypeError('joinErrors needs at least one error');
  if (others.length === 0) return first;
  return new AuthSessionsError(
    first.code,
    {
      failed: `${errors.length} things are wrong.`,
      known: errors.map((error) => `\n  - ${error.message}`).join(''),
      next: '\nFix them all, then run again.',
    },
    { session: first.session, reference: first.reference, cause: new AggregateError(errors) },
  );
}

/**
 * Which of them a flow reported; `undefined` for any other failure. By code, not by class: a flow may be loaded with a
 * copy of this module of its own.
 */
export function finalAnswerOf(error: unknown): FinalAnswerCode | undefined {
  return error instanceof Error && 'code' in error
    ? finalAnswers.find((code) => code === error.code)
    : undefined;
}

function formatExplanation(code: string, { failed, known, next }: Explanation): string {
  return `${[failed, known, next].filter(Boolean).join(' ')} [${code}]`;
}

const finalAnswers = ['ERR_CREDENTIALS_REJECTED', 'ERR_ACCOUNT_LOCKED', 'ERR_HUMAN_NEEDED'] as const;

/** What an application answered that asking once more would not change, by code. */
export type FinalAnswerCode = (typeof finalAnswers)[number];
