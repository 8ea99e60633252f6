import { entryParts, nameInEntryKey } from '../core/entry-key.js';
import { isTooOld } from '../core/entry-freshness.js';
import type { DeclaredSession } from '../core/declared-session.js';
import type { SessionStore } from '../core/ports.js';
import type { OpenResult } from '../core/sealed-session.js';
import type { UnusedReason } from '../core/unused-reason.js';
import { readStored } from './read-stored.js';

export interface EarlierPorts {
  readonly store: Pick<SessionStore, 'get' | 'keys'>;
  readonly open: (sealed: string, entryKey: string) => Promise<OpenResult>;
  readonly nowMs: number;
}

/** A session at a place, and its key in the store. */
export interface WantedEntry {
  readonly session: DeclaredSession;
  readonly baseURL: string | undefined;
  readonly key: string;
}

/**
 * Why an entry of this session at this place is not used although it is stored: what has changed since it was made.
 * Entries of other places do not count, nor those that are too old. For people only: the entry is never used, and a store
 * that does not answer has none.
 */
export async function findEarlier(
  { session, baseURL, key }: WantedEntry,
  { store, open, nowMs }: EarlierPorts,
): Promise<UnusedReason | undefined> {
  const now = entryParts(session, baseURL);
  try {
    const keys = (await store.keys()).filter((one) => one !== key && nameInEntryKey(one) === session.name);
    const records = await Promise.all(
      keys.slice(0, mostEntries).map((one) => readStored(one, { store, open })),
    );
    const [latest] = records
      .filter((record) => record?.madeWith?.place === now.place && !isTooOld(record, session, nowMs))
      .toSorted((one, other) => (other?.createdAtMs ?? 0) - (one?.createdAtMs ?? 0));
    if (!latest?.madeWith) return undefined;
    return latest.madeWith.flow === now.flow ? 'references-changed' : 'flow-changed';
  } catch {
    return undefined;
  }
}

const mostEntries = 20;
