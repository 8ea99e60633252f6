import { expiryOf, formatEnd } from '../../core/entry-freshness.js';
import { describeUnused } from '../../core/unused-reason.js';
import type { CheckAnswer } from '../../session/check-answer.js';
import type { SessionEntry } from '../../session/session-entry.js';

export interface CheckExplanation {
  /** Why it is not signed in; `null` if it is, or if this is unknown. */
  readonly seen: string | null;
  /** The command that fixes it. */
  readonly next: string | null;
}

type AskedEntry = Pick<SessionEntry, 'session' | 'record' | 'rejection' | 'earlier'>;

/** Why a check returned false, and what to do. A check that threw has a separate error. */
export function explainCheck(
  entry: AskedEntry,
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
  { session, record, rejection, earlier }: AskedEntry,
  answer: CheckAnswer | undefined,
  nowMs: number,
): string {
  const unused = rejection ?? (record ? undefined : earlier);
  if (unused) return `the stored entry is not used: ${describeUnused(unused)}`;
  if (!record || !answer) return 'nothing is stored for it';
  if (answer.checks > 0) {
    const asked = answer.checks === 1 ? 'once' : `${answer.checks} times`;
    const threw = answer.notes.filter((note) => note.startsWith(checkThrew)).length;
    const found = threw < answer.checks ? 'found it signed out' : 'gave no answer';
    const where = answer.seen === undefined ? '' : `: ${answer.seen}`;
    return `its check ran ${asked}, and ${found}${where}`;
  }
  const { atMs, by } = expiryOf(record, session);
  if (atMs > nowMs) return 'it is no longer stored';
  return `it expired (${formatEnd(by)})`;
}

/** The beginning of the broker's note. */
const checkThrew = 'a check threw: ';
