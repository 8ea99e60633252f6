import type { DeclaredSession } from '../core/declared-session.js';
import type { SessionRecord } from '../core/sealed-session.js';
import type { Slot } from './slot.js';

/** A note, once per run, that a session was renewed twice after its cookie changed in tests, and which option helps. */
export function noteReplaced(
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
