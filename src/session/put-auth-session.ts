import { firstLine } from '../core/first-line.js';
import type { SessionRecord } from '../core/sealed-session.js';
import type { Acquisition } from './slot.js';

/** A session stays usable if it cannot be stored: it then lasts for this run. */
export async function putAuthSession(
  key: string,
  record: SessionRecord,
  { attempt, ports }: Pick<Acquisition, 'attempt' | 'ports'>,
): Promise<void> {
  try {
    await ports.store.put(key, await ports.seal(record, key), attempt.under);
  } catch (error) {
    attempt.notes.push(`not stored, so it lasts for this run only: ${firstLine(error)}`);
  }
}
