import type { DeclaredSession } from '../core/declared-session.js';
import type { DoubtReason } from '../core/doubt-reason.js';

/** Doubts about the states of one session in this run, by the IDs of their sign-ins. */
export interface Doubts {
  /** The time from which a state must be checked before use. */
  readonly fromMs: Map<string, number>;
  /** The state being checked because of a doubt. */
  inQuestion: string | undefined;
  /** How many such checks in a row passed. */
  calms: number;
  calmUntilMs: number;
  /** Sign-ins whose cookie had changed at the end of a failed test. */
  readonly changed: Set<string>;
  /** Sign-ins that were replaced. */
  readonly replaced: Set<string>;
  isChangeReported: boolean;
  /** Whether this run can sign in again: a session that needs a person is not discarded because of a doubt. */
  canReplace: boolean;
}

export function newDoubts(): Doubts {
  return {
    fromMs: new Map(),
    inQuestion: undefined,
    calms: 0,
    calmUntilMs: 0,
    changed: new Set(),
    replaced: new Set(),
    isChangeReported: false,
    canReplace: true,
  };
}

/**
 * Removes a state's trust. Evidence does so at once. A failed test is not evidence: the first one counts at once, and
 * each check that then passes doubles the time until another failure counts, so that many failing tests cause few
 * checks. Without a check, failed tests are ignored, and other doubts count as rarely as failures.
 */
export function addDoubt(doubts: Doubts, id: string, { why, nowMs, canCheck }: DoubtFacts): void {
  if (!canCheck && (why === 'failed' || !doubts.canReplace)) return;
  const isEvidence = why === 'signed-out' || (canCheck && why !== 'failed');
  const fromMs = isEvidence ? nowMs : Math.max(nowMs, doubts.calmUntilMs);
  doubts.fromMs.set(id, Math.min(fromMs, doubts.fromMs.get(id) ?? Infinity));
}

export interface DoubtFacts {
  readonly why: DoubtReason;
  readonly nowMs: number;
  readonly canCheck: boolean;
}

export function isDoubted({ fromMs }: Doubts, id: string, nowMs: number): boolean {
  return nowMs >= (fromMs.get(id) ?? Infinity);
}

/** Makes a doubt count now: a retry with a session that is signed out would fail again. */
export function hastenDoubt({ fromMs }: Doubts, id: string, nowMs: number): void {
  if (fromMs.has(id)) fromMs.set(id, nowMs);
}

/** Begins a check. Returns `true` if it is because of a doubt. Later doubts need another check. */
export function takeDoubt(doubts: Doubts, id: string, nowMs: number): boolean {
  const isDue = isDoubted(doubts, id, nowMs);
  // Any check settles earlier doubts.
  doubts.fromMs.delete(id);
  if (isDue) doubts.inQuestion = id;
  return isDue;
}

/** Records the result of a check: after an unfounded doubt, failed tests count less often. */
export function settleDoubt(doubts: Doubts, id: string, { session, nowMs }: SettleFacts): void {
  const { inQuestion } = doubts;
  doubts.inQuestion = undefined;
  if (inQuestion === undefined) return;
  const wasRight = inQuestion !== id && session.flow?.check !== undefined;
  doubts.calms = wasRight ? 0 : doubts.calms + 1;
  const calmMs = Math.min(2 ** doubts.calms, session.trustSeconds || Infinity) * 1000;
  doubts.calmUntilMs = wasRight ? 0 : nowMs + calmMs;
}

export interface SettleFacts {
  readonly session: Pick<DeclaredSession, 'flow' | 'trustSeconds'>;
  readonly nowMs: number;
}
