import { AuthSessionsError } from '../core/errors.js';
import type { Clock, Waiting } from '../core/ports.js';
import type { SecretReference } from '../core/secret-reference.js';
import type { SecretValue } from '../core/secret-value.js';

export interface CodeRequest {
  readonly session: string;
  readonly reference: SecretReference;
  /** The period in the project. It defaults to the local vault's, then to 30 s. */
  readonly periodSeconds: number | undefined;
  readonly digits: number | undefined;
  readonly signal: AbortSignal;
  /** Called if `check` has already read the code. */
  readonly onKnown?: () => void;
  /** Called with the code that is handed out. */
  readonly onCode?: (code: SecretValue) => void;
  /** Wraps each wait for a time step, for this request. */
  readonly onWait?: Waiting | undefined;
}

/** The last code of an account in this run. */
export interface HandedOut {
  readonly number: number;
  readonly atMs: number;
  readonly periodSeconds: number;
}

/** Refuses a margin that no code of this period can keep. @throws AuthSessionsError `ERR_CONFIG_INVALID` */
export function refuseImpossible(periodSeconds: number, minRemainingSeconds: number, session: string): void {
  if (minRemainingSeconds * 1000 + afterStepMs < periodSeconds * 1000) return;
  throw new AuthSessionsError(
    'ERR_CONFIG_INVALID',
    {
      failed: `Session "${session}" can never get a code.`,
      known: `codes.minRemainingSeconds is ${minRemainingSeconds}, but its codes are valid for ${periodSeconds} s.`,
      next: 'Choose a smaller codes.minRemainingSeconds.',
    },
    { session },
  );
}

/** @throws AuthSessionsError `ERR_TOTP_MISMATCH` */
export function checkDigits(code: string, { session, digits, reference }: CodeRequest): void {
  if (digits === undefined || code.length === digits) return;
  throw new AuthSessionsError(
    'ERR_TOTP_MISMATCH',
    {
      failed: `Session "${session}": its code has ${code.length} digits instead of ${digits}.`,
      known: `"${reference.text}" returned it, and the session has totp.digits: ${digits}.`,
      next: 'Fix the session, or the one-time password field in the vault.',
    },
    { session, reference: reference.text },
  );
}

interface Wait {
  readonly request: CodeRequest;
  readonly last: HandedOut | undefined;
  readonly step: number;
  readonly periodSeconds: number;
  readonly clock: Clock;
}

/**
 * After the clock was set back, used steps could go on for a day without an explanation.
 *
 * @throws AuthSessionsError `ERR_TOTP_UNAVAILABLE`
 */
export function refuseEndlessWait(
  usedInARow: number,
  { request, last, step, periodSeconds, clock }: Wait,
): void {
  const wentBack = last?.periodSeconds === periodSeconds && last.number > step + stepsOfSkew;
  if (usedInARow < (wentBack ? 2 : mostUsedInARow)) return;
  throw new AuthSessionsError(
    'ERR_TOTP_UNAVAILABLE',
    {
      failed: `Session "${request.session}": no unused code is available.`,
      known: wentBack
        ? `The clock was set back: this run has used codes up to ${formatTime(last.atMs)}, and it is now ${formatTime(clock.nowMs())}.`
        : `Other runs had used each of the last ${usedInARow} time steps of ${periodSeconds} s. They share the account, or ran before the clock was set back.`,
      next: wentBack
        ? 'Correct the clock, then run again.'
        : 'Give each run its own account, or correct the clock. Then run again.',
    },
    { session: request.session, reference: request.reference.text },
  );
}

function formatTime(atMs: number): string {
  return `${new Date(atMs).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

/** A wait for the next time step ends this long after it begins. */
export const afterStepMs = 50;
/** Small clock corrections are waited for. */
const stepsOfSkew = 2;
const mostUsedInARow = 20;
