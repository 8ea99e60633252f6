import { AuthSessionsError } from '../core/errors.js';
import { firstLine } from '../core/first-line.js';
import type { SessionRecord } from '../core/sealed-session.js';
import type { Acquisition } from './slot.js';

/**
 * A session stays usable if it cannot be stored: it then lasts for this run. If the lease has passed on, the store has
 * what the next holder left.
 */
export async function putAuthSession(
  key: string,
  record: SessionRecord,
  { slot, attempt, ports }: Acquisition,
): Promise<'stored' | 'not stored' | 'passed on'> {
  try {
    await ports.store.put(key, await ports.seal(record, key), attempt.under);
    if (slot.unstored === record.id) slot.unstored = undefined;
    return 'stored';
  } catch (error) {
    attempt.notes.push(`not stored, so it lasts for this run only: ${firstLine(error)}`);
    return error instanceof AuthSessionsError && error.code === 'ERR_LEASE_LOST' ? 'passed on' : 'not stored';
  }
}
