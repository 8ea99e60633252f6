import type { Clock, SessionStore, Vault, VaultCode } from '../core/ports.js';
import { referenceIdentity } from '../core/secret-reference.js';
import { timeStepAt } from '../core/totp.js';
import {
  afterStepMs,
  checkDigits,
  refuseEndlessWait,
  refuseImpossible,
  type CodeRequest,
  type HandedOut,
} from './refuse-code.js';

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
              request.onCode?.(code);
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
        const wait = () =>
          onWait({ session: request.session, waitMs }, () => clock.sleep(waitMs, request.signal));
        if (number === step.number) await (request.onWait ? request.onWait(wait) : wait());
      }
    },
    count: () => handedOut,
  };
}

/** Claims for two periods: clocks may differ a little, and verifiers accept the previous step. */
async function claim(name: string, periodSeconds: number, { store }: CodeDeskOptions): Promise<boolean> {
  return (await store.tryLease(name, 2 * periodSeconds * 1000, { outlivesHolder: true })) !== undefined;
}

/** Does not contain the step, so that it also works if two requests count a seed's steps by different periods. */
function codeClaim(code: string, { fingerprint }: CodeDeskOptions): string {
  return `code:${fingerprint(code)}`;
}
