import type { DoubtReason } from '../core/doubt-reason.js';
import type { DeclaredSession } from '../core/declared-session.js';

/** What is doubted of the states of one session in this run, by the ids of their sign-ins. */
export interface Doubts {
  /** From when on a state is checked before it is handed out again. */
  readonly fromMs: Map<string, number>;
  /** The state that is checked because of a doubt. */
  inQuestion: string | undefined;
  /** How many such checks in a row said yes. */
  calms: number;
  calmUntilMs: number;
  /** Sign-ins whose cookie was another one at the end of a failed test. */
  readonly changed: Set<string>;
  /** Sign-ins that another one has replaced. */
  readonly replaced: Set<string>;
  isChangeReported: boolean;
  /** Whether a run may sign in again: a session that only a person can renew is not given up for a doubt. */
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
 * Takes the trust away from a state. Evidence does so at once. A failed test is no evidence: the first one does so at
 * once, and each check that then says yes doubles the time until another failure counts, so that many failing tests
 * cost few checks. Where nothing can check, a failed test says nothing, and other doubts count as rarely as failures.
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

/** A check begins: `true` when a doubt asks for it. What is doubted from now on asks for another one. */
export function takeDoubt(doubts: Doubts, id: string, nowMs: number): boolean {
  const isDue = isDoubted(doubts, id, nowMs);
  // Any check answers what was doubted before it.
  doubts.fromMs.delete(id);
  if (isDue) doubts.inQuestion = id;
  return isDue;
}

/** A session was brought up: a doubt that was wrong has failed tests count more rarely. */
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
