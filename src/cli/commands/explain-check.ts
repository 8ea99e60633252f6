import type { CheckAnswer, SessionEntry } from '../../session/session-desk.js';
import { expiryOf } from '../../core/entry-freshness.js';

export interface CheckExplanation {
  /** Why it is not signed in; `null` when it is, or when nobody knows. */
  readonly seen: string | null;
  /** The command that mends it. */
  readonly next: string | null;
}

/** What a check saw that made it say no, and what to do. A check that failed has an error of its own. */
export function explainCheck(
  entry: Pick<SessionEntry, 'session' | 'record' | 'rejection'>,
  answer: CheckAnswer | undefined,
  nowMs: number,
): CheckExplanation {
  const { session, record } = entry;
  if (record && (!answer || answer.signedIn)) return { seen: null, next: null };
  const command = session.type === 'recorder' ? 'record' : record ? 'renew' : 'create';
  return {
    seen: seenIn(entry, answer, nowMs),
    next: `npx playwright-auth-sessions ${command} ${session.name}`,
  };
}

function seenIn(
  { session, record, rejection }: Pick<SessionEntry, 'session' | 'record' | 'rejection'>,
  answer: CheckAnswer | undefined,
  nowMs: number,
): string {
  if (rejection) return `what is stored is not used: ${rejection}`;
  if (!record || !answer) return 'the store has nothing of it';
  if (answer.checks > 0) {
    const asked = answer.checks === 1 ? 'once' : `${answer.checks} times`;
    const threw = answer.notes.filter((note) => note.startsWith(checkThrew)).length;
    const found = threw < answer.checks ? 'found nobody signed in' : 'gave no answer';
    return `its check was asked ${asked}, and ${found}`;
  }
  const { atMs, by } = expiryOf(record, session);
  if (atMs > nowMs) return 'the store has it no more';
  return `its time is over, by ${by === 'ttlSeconds' ? by : `cookie ${by.cookie}`}`;
}

/** How the broker begins its note of it. */
const checkThrew = 'a check threw: ';
