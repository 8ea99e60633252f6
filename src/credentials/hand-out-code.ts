import { AuthSessionsError } from '../core/errors.js';
import type { Clock, SessionStore, Vault, VaultCode } from '../core/ports.js';
import { referenceIdentity, type SecretReference } from '../core/secret-reference.js';
import { timeStepAt } from '../core/totp.js';

export interface CodeRequest {
  readonly session: string;
  readonly reference: SecretReference;
  /** The period in the project. It defaults to the local vault's, then to 30 s. */
  readonly periodSeconds: number | undefined;
  readonly digits: number | undefined;
  readonly signal: AbortSignal;
  /** Called if `check` has already read the code. */
  readonly onKnown?: () => void;
}

export interface CodeDesk {
  /**
   * Reads a code to make sure that one exists, and claims no time step, so an invalid seed is found before anything is
   * typed. A code for the same step then needs no other request.
   */
  check(request: CodeRequest): Promise<void>;
  /** A code with enough time left, of a time step unused for this account. */
  handOut(request: CodeRequest): Promise<string>;
  /** How many codes were used. */
  count(): number;
}

export interface CodeDeskOptions {
  readonly vault: Vault;
  /** Stores the claims on time steps, so that other runs and a restarted broker see them. */
  readonly store: SessionStore;
  readonly clock: Clock;
  readonly minRemainingSeconds: number;
  /** A keyed digest, the same in all runs that share the store. Codes themselves are not stored. */
  readonly fingerprint: (text: string) => string;
  /** Wraps each wait for a time step. */
  readonly onWait?: CodeWaiting | undefined;
}

/** Reports that a session is waiting, as long as `wait` lasts. */
export type CodeWaiting = (
  about: { readonly session: string; readonly waitMs: number },
  wait: () => Promise<void>,
) => Promise<void>;

const waitUnseen: CodeWaiting = (_, wait) => wait();
const defaultPeriodSeconds = 30;
const afterStepMs = 50;

/**
 * Gives out codes that a verifier following RFC 6238 section 5.2 accepts. It claims the time step before it reads the
 * code, and then the code itself, in case two references name the same seed.
 */
export function createCodeDesk(options: CodeDeskOptions): CodeDesk {
  const { vault, clock, minRemainingSeconds, onWait = waitUnseen } = options;
  const periods = new Map<string, number>();
  const latest = new Map<string, HandedOut>();
  const early = new Map<string, { readonly step: number; readonly answer: VaultCode }>();
  let handedOut = 0;

  function periodOf({ periodSeconds, reference }: CodeRequest): number {
    return periodSeconds ?? periods.get(referenceIdentity(reference)) ?? defaultPeriodSeconds;
  }

  async function readAt(step: number, request: CodeRequest): Promise<VaultCode> {
    const { text } = request.reference;
    const known = early.get(text);
    early.delete(text);
    if (known?.step !== step) return vault.readCode(request.reference, request.signal);
    request.onKnown?.();
    return known.answer;
  }

  return {
    async check(request) {
      const stepNow = () => timeStepAt(clock.nowMs(), periodOf(request)).number;
      const before = stepNow();
      const answer = await vault.readCode(request.reference, request.signal);
      if (request.periodSeconds === undefined && answer.periodSeconds !== undefined)
        periods.set(referenceIdentity(request.reference), answer.periodSeconds);
      checkDigits(answer.code.reveal(), request);
      refuseImpossible(periodOf(request), minRemainingSeconds, request.session);
      if (stepNow() === before) early.set(request.reference.text, { step: before, answer });
    },
    async handOut(request) {
      const account = referenceIdentity(request.reference);
      let before = latest.get(account);
      let usedInARow = 0;
      for (;;) {
        request.signal.throwIfAborted();
        const periodSeconds = periodOf(request);
        refuseImpossible(periodSeconds, minRemainingSeconds, request.session);
        const step = timeStepAt(clock.nowMs(), periodSeconds);
        const inTime = () => {
          const { number, remainingMs } = timeStepAt(clock.nowMs(), periodSeconds);
          return number === step.number && remainingMs >= minRemainingSeconds * 1000;
        };
        if (inTime()) {
          if (await claim(`step:${account}:${step.number}`, periodSeconds, options)) {
            const { code, periodSeconds: known } = await readAt(step.number, request);
            if (request.periodSeconds === undefined && known !== undefined && known !== periodSeconds) {
              periods.set(account, known);
              continue;
            }
            // Only then is it this step's code: claiming takes time too.
            if (
              inTime() &&
              (await claim(codeClaim(code.reveal(), options), periodSeconds, options)) &&
              inTime()
            ) {
              checkDigits(code.reveal(), request);
              handedOut += 1;
              latest.set(account, { number: step.number, atMs: clock.nowMs(), periodSeconds });
              return code.reveal();
            }
          } else {
            const last = latest.get(account);
            // Steps used by this same run do not count towards the limit.
            usedInARow = last === before ? usedInARow + 1 : 1;
            before = last;
            refuseEndlessWait(usedInARow, { request, last, step: step.number, periodSeconds, clock });
          }
        }
        // If the clock has jumped to another step, no wait is needed.
        const { number, remainingMs } = timeStepAt(clock.nowMs(), periodSeconds);
        const waitMs = remainingMs + afterStepMs;
        if (number === step.number)
          await onWait({ session: request.session, waitMs }, () => clock.sleep(waitMs, request.signal));
      }
    },
    count: () => handedOut,
  };
}

/** The last code of an account in this run. */
interface HandedOut {
  readonly number: number;
  readonly atMs: number;
  readonly periodSeconds: number;
}

/** Claims for two periods: clocks may differ a little, and verifiers accept the previous step. */
async function claim(name: string, periodSeconds: number, { store }: CodeDeskOptions): Promise<boolean> {
  return (await store.tryLease(name, 2 * periodSeconds * 1000, { outlivesHolder: true })) !== undefined;
}

/** Does not contain the step, so that it also works if two requests count a seed's steps by different periods. */
function codeClaim(code: string, { fingerprint }: CodeDeskOptions): string {
  return `code:${fingerprint(code)}`;
}

function refuseImpossible(periodSeconds: number, minRemainingSeconds: number, session: string): void {
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

function checkDigits(code: string, { session, digits, reference }: CodeRequest): void {
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

/** After the clock was set back, used steps could go on for a day without an explanation. */
function refuseEndlessWait(usedInARow: number, { request, last, step, periodSeconds, clock }: Wait): void {
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

/** Small clock corrections are waited for. */
const stepsOfSkew = 2;
const mostUsedInARow = 20;
