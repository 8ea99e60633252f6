import { withState, type SessionRecord } from '../core/sealed-session.js';
import { lacksCookiesOf, type StorageState } from '../core/storage-state.js';
import type { AcquirePorts } from './acquire-ports.js';
import { storeExclusive, type HeldState } from './exclusive-state.js';
import { readStored } from './read-stored.js';
import type { Slot } from './slot.js';
import { leaseMs, leaseName } from './with-lease.js';

/** The state of a sign-in that a test has left. */
export interface StateLeft {
  readonly key: string;
  readonly id: string;
  readonly state: StorageState;
}

/**
 * Keeps the state for this run, and stores it if no other process works on the session. Returns `false` if it is not
 * used: its sign-in was replaced, or it may be signed out and nothing can check it.
 */
export async function writeBack(
  { key, id, state }: StateLeft,
  slot: Slot,
  ports: AcquirePorts,
): Promise<boolean> {
  if (slot.record?.id !== id || slot.dead.has(id)) return false;
  if (lacksCookiesOf(state, slot.record.state)) {
    // It may be signed out. Without a check, it is not used.
    if (!slot.canCheck) return false;
    slot.suspects.add(id);
  }
  slot.record = withState(slot.record, state);
  if (slot.pending) {
    // A check that has not begun uses this state. One that has begun may have used its state up.
    slot.suspects.add(id);
    return true;
  }
  slot.storing = slot.storing.catch(() => undefined).then(async () => storeWhatTestsLeft(key, slot, ports));
  await slot.storing;
  return true;
}

/**
 * Stores the state that a test left of an exclusive session. Returns `false` if it is signed out.
 *
 * @throws AuthSessionsError when it is not stored
 */
export async function writeBackHeld(left: HeldState, slot: Slot, ports: AcquirePorts): Promise<boolean> {
  // A check in this process ends first, and stores what it leaves.
  await slot.pending?.catch(() => undefined);
  if (slot.dead.has(left.id)) return false;
  const storing = slot.storing.catch(() => undefined).then(async () => storeExclusive(left, ports));
  slot.storing = storing.then(() => undefined);
  // Its caller gets the error.
  slot.storing.catch(() => undefined);
  const record = await storing;
  if (record) slot.record = record;
  return record !== undefined;
}

/**
 * Needs the lease, so that it does not replace a newer sign-in. If another process has the lease, it stores a newer
 * state.
 */
async function storeWhatTestsLeft(key: string, slot: Slot, ports: AcquirePorts): Promise<void> {
  const { store } = ports;
  const lease = slot.record && (await store.tryLease(leaseName(key), leaseMs));
  if (!lease) return;
  try {
    const stored = await readStored(key, ports);
    const { record } = slot;
    if (!record || isOfOthers(stored, record, slot)) return;
    // Only a check clears a doubt.
    const doubted = { ...record, doubtedAtMs: stored?.id === record.id ? stored.doubtedAtMs : undefined };
    await store.put(key, await ports.seal(doubted, key), { lease, ttlMs: leaseMs });
  } finally {
    await lease.release().catch(() => undefined);
  }
}

/** Another run has signed in since: clocks of several machines cannot say which one is newer. */
function isOfOthers(stored: SessionRecord | undefined, record: SessionRecord, { unstored }: Slot): boolean {
  return stored !== undefined && stored.id !== record.id && record.id !== unstored;
}
