import type { SessionRecord } from '../core/sealed-session.js';
import { describeUnused } from '../core/unused-reason.js';
import type { AcquireRequest } from './acquire-ports.js';
import { findEarlier } from './find-earlier.js';
import type { Acquisition, Slot } from './slot.js';

/** Records from this run's memory and from the store. */
export async function knownRecords(
  { key, session, place }: AcquireRequest,
  { slot, attempt, ports }: Acquisition,
): Promise<SessionRecord[]> {
  const sealed = await ports.store.get(key);
  const opened = sealed === undefined ? undefined : await ports.open(sealed, key);
  if (opened && !opened.ok)
    attempt.notes.push(`the stored entry was not used: ${describeUnused(opened.reason)}`);
  if (!opened && !slot.record && session.type !== 'runtime') {
    const wanted = { session, key, baseURL: session.baseURL ?? place.baseURL };
    const earlier = await findEarlier(wanted, { ...ports, nowMs: ports.clock.nowMs() });
    if (earlier) attempt.notes.push(`its stored session was not used: ${describeUnused(earlier)}`);
  }
  return [slot.record, opened?.ok ? opened.record : undefined].filter((record) => record !== undefined);
}

/**
 * The store decides, not the clocks of those who wrote: what is stored is the latest, unless this run changed it since,
 * or could not store its sign-in.
 */
export function latest(records: readonly SessionRecord[], { unstored }: Slot): SessionRecord | undefined {
  const [own, stored] = records;
  if (!own || !stored) return own;
  const isLater = own.id === stored.id ? (own.revision ?? 0) > (stored.revision ?? 0) : own.id === unstored;
  return isLater ? own : stored;
}
