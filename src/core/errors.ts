import type { AuthSessionsErrorCode } from './error-codes.js';

/** The three parts of a message: what failed and for which name; what is known; what to do next. */
export interface Explanation {
  readonly failed: string;
  readonly known?: string | undefined;
  readonly next: string;
}

/** The session and the secret reference that a failure is about. A reference is not secret. */
export interface ErrorSubject {
  readonly session?: string | undefined;
  readonly reference?: string | undefined;
  readonly cause?: unknown;
  readonly evidence?: Evidence | undefined;
  /** The line of the flow that threw, as in a stack: `at create (/project/flow.ts:7:3)`. */
  readonly flowLine?: string | undefined;
}

/** The state of a failed sign-in, with values redacted and inputs masked. */
export interface Evidence {
  readonly url: string;
  readonly title: string;
  /** PNG, base64. */
  readonly screenshot: string | undefined;
  /** The step that failed, or the last one before the flow failed by itself. */
  readonly failedAt?: string | undefined;
  /** The flow's steps, one per line: when, how long, what. */
  readonly steps?: readonly string[] | undefined;
  /** Errors on the consoles of its pages. */
  readonly consoleErrors?: readonly string[] | undefined;
  /** A redacted trace of it: a file in Playwright's output folder. */
  readonly trace?: string | undefined;
}

/**
 * The base class of this package's run-time errors. Mistakes in calling code are `TypeError`s. The message never
 * contains a secret value.
 */
export class AuthSessionsError extends Error {
  override readonly name: string = 'AuthSessionsError';
  readonly code: AuthSessionsErrorCode;
  readonly explanation: Explanation;
  readonly session: string | undefined;
  readonly reference: string | undefined;
  readonly evidence: Evidence | undefined;
  readonly flowLine: string | undefined;

  constructor(code: AuthSessionsErrorCode, explanation: Explanation, subject: ErrorSubject = {}) {
    super(formatExplanation(code, explanation), subject.cause === undefined ? {} : { cause: subject.cause });
    this.code = code;
    this.explanation = explanation;
    this.session = subject.session;
    this.reference = subject.reference;
    this.evidence = subject.evidence;
    this.flowLine = subject.flowLine;
    const { flowLine, stack } = this;
    if (flowLine !== undefined && stack !== undefined)
      this.stack = stack.replace(this.message, (message) => `${message}\n    ${flowLine}`);
    for (const name of unprinted) Object.defineProperty(this, name, { enumerable: false });
  }
}

/**
 * Throw it in an auth flow when the application rejects the credentials themselves: a wrong password or code. No
 * session, command or run sends them again until the vault has other values, so that the account is not locked.
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
 * Throw it in an auth flow when the application reports that the account is locked or blocked. No sign-in to the
 * account is tried for an hour, because an attempt could prolong the lock.
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
 * Throw it in an auth flow when the application asks for a person: a captcha, a push notification. The session is
 * not tried again in this run.
 *
 * @example
 * if (await page.getByTitle('reCAPTCHA').isVisible()) throw new HumanNeededError('The sign-in page has a captcha');
 */
export class HumanNeededError extends Error {
  override readonly name = 'HumanNeededError';
  readonly code = 'ERR_HUMAN_NEEDED';
}

/** Removes duplicates: a problem of all sessions, such as an unreadable file, is reported once per session. */
export function distinctErrors(errors: readonly AuthSessionsError[]): readonly AuthSessionsError[] {
  const isSame = (one: AuthSessionsError, other: AuthSessionsError) =>
    one.message === other.message && one.session === other.session && one.reference === other.reference;
  return errors.filter((error, index) => errors.findIndex((other) => isSame(error, other)) === index);
}

/** Combines several errors, so that they can all be fixed at once. */
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
 * The final answer that a flow reported; `undefined` for any other failure. Recognized by code and not by class,
 * because a flow may load with its own copy of this module.
 */
export function finalAnswerOf(error: unknown): FinalAnswerCode | undefined {
  return error instanceof Error && 'code' in error
    ? finalAnswers.find((code) => code === error.code)
    : undefined;
}

function formatExplanation(code: string, { failed, known, next }: Explanation): string {
  return `${[failed, known, next].filter(Boolean).join(' ')} [${code}]`;
}

/**
 * Not enumerable, so that Node prints an uncaught error without a screenshot in base64, and no part of the message
 * twice. A custom inspect would not do: Node ignores it there.
 */
const unprinted = ['name', 'explanation', 'session', 'reference', 'evidence', 'flowLine'] as const;

const finalAnswers = ['ERR_CREDENTIALS_REJECTED', 'ERR_ACCOUNT_LOCKED', 'ERR_HUMAN_NEEDED'] as const;

/** Codes of answers that another attempt would not change. */
export type FinalAnswerCode = (typeof finalAnswers)[number];
