import type { DeclaredSession } from '../core/declared-session.js';
import { freshnessOf } from '../core/entry-freshness.js';
import type { Clock, SessionStore } from '../core/ports.js';
import type { OpenResult, SealRejection, SessionRecord } from '../core/sealed-session.js';
import { sessionLease, withLease } from './with-lease.js';

/** A stored session on its way to another store. */
export interface CarriedSession {
  /** As it is stored: nobody can read or change it without the store's key. */
  readonly sealed: string;
  readonly record: SessionRecord;
}

/** What became of a carried session. `newer`: the store has this state or a newer one. A rejection: it cannot be used. */
export type CarryOutcome = 'stored' | 'newer' | 'expired' | SealRejection;

interface Ports {
  readonly store: SessionStore;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly open: (sealed: string, entryKey: string) => Promise<OpenResult>;
  /** Called with every opened state. */
  readonly onState: (record: SessionRecord) => void;
}

export async function carryOut(key: string, ports: Ports): Promise<CarriedSession | undefined> {
  const sealed = await ports.store.get(key);
  const record = sealed === undefined ? undefined : await openOf(sealed, key, ports);
  return sealed === undefined || typeof record !== 'object' ? undefined : { sealed, record };
}

/**
 * Needs the lease, so that it does not replace what a run stores at the same time; of a session with limited uses, also
 * a use.
 */
export async function carryIn(
  {
    key,
    session,
    sealed,
  }: { readonly key: string; readonly session: DeclaredSession; readonly sealed: string },
  ports: Ports,
): Promise<CarryOutcome> {
  const { store, clock, signal } = ports;
  const record = await openOf(sealed, key, ports);
  if (typeof record === 'string') return record;
  if (record.session !== session.name) return 'other-entry';
  if (freshnessOf(record, session, clock.nowMs()) === 'expired') return 'expired';
  const lease = sessionLease(key, session.name, { store, clock, signal });
  return withLease(lease, async (under) => {
    const stored = await carryOut(key, ports);
    if (stored && !isNewer(record, stored.record)) return 'newer';
    await store.put(key, sealed, under);
    return 'stored';
  });
}

async function openOf(
  sealed: string,
  key: string,
  { open, onState }: Ports,
): Promise<SessionRecord | SealRejection> {
  const opened = await open(sealed, key);
  if (!opened.ok) return opened.reason;
  onState(opened.record);
  return opened.record;
}

/** The state after more uses is newer. Only clocks can compare two sign-ins of different stores. */
function isNewer(one: SessionRecord, other: SessionRecord): boolean {
  return one.id === other.id
    ? (one.revision ?? 0) > (other.revision ?? 0)
    : one.createdAtMs > other.createdAtMs;
}
