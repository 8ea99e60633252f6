import type { DeclaredSession } from '../core/declared-session.js';
import { expiryOf, formatEnd } from '../core/entry-freshness.js';
import type { SessionRecord } from '../core/sealed-session.js';
import type { Attempt } from './slot.js';

/** Why a stored session that is not signed in was not used, for the notes of a run. */
export function whyNotRestored(
  record: SessionRecord,
  { session, nowMs }: { readonly session: DeclaredSession; readonly nowMs: number },
  { checks, refusals = 0, seen }: Pick<Attempt, 'checks' | 'refusals' | 'seen'>,
): string {
  if (refusals > 0) {
    const where = seen === undefined ? '' : ` (${seen})`;
    return `its stored session was signed out: its check said no${where}`;
  }
  if (checks > 0) return 'its stored session was not used: its check gave no answer';
  const { atMs, by } = expiryOf(record, session);
  if (atMs <= nowMs) return `its stored session had expired (${formatEnd(by)})`;
  if (record.createdAtMs > nowMs)
    return 'its stored session was not used: it is from the future, so a clock was changed';
  if (record.signedOutAtMs !== undefined)
    return 'its stored session was not used: an earlier check found it signed out';
  if (record.handedOutAtMs !== undefined && record.doubtedAtMs === undefined)
    return 'its stored session was not used: a run that used it alone did not give it back';
  return 'its stored session was not used: a test failed with it or found it signed out';
}
