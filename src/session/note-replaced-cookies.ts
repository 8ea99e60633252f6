import type { DeclaredSession } from '../core/declared-session.js';
import type { SessionRecord } from '../core/sealed-session.js';
import type { Slot } from './slot.js';

/**
 * Notes for the event of a session that was brought up: once per run, that it was renewed twice after its cookie had
 * changed in tests, and the option that helps.
 */
export function noteReplacedCookies(
  { record: before, doubts }: Slot,
  record: SessionRecord,
  { writeBack }: Pick<DeclaredSession, 'writeBack'>,
): readonly string[] {
  if (before && before.id !== record.id) doubts.replaced.add(before.id);
  const renewals = [...doubts.replaced].filter((id) => doubts.changed.has(id)).length;
  if (doubts.isChangeReported || writeBack === 'test' || renewals < 2) return [];
  doubts.isChangeReported = true;
  return [changedCookieHint];
}

const changedCookieHint =
  "renewed twice after its cookie changed in a test. Set writeBack: 'test' for this session, and use one worker for it.";
