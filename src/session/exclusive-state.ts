import { AuthSessionsError } from '../core/errors.js';
import type { SessionRecord } from '../core/sealed-session.js';
import type { AcquirePorts, AcquireRequest } from './acquire-ports.js';
import { readStored } from './read-stored.js';
import type { Slot } from './slot.js';
import { leaseMs, leaseName, withLease } from './with-lease.js';

/**
 * What the holder before left is in the store, from any machine. Its state replaces the one in memory. It is checked
 * before use if that holder ended without a write-back. Reading takes the session's lease, so that a late holder cannot
 * write under the lease it had.
 */
export async function adoptStored(
  { key, session }: AcquireRequest,
  slot: Slot,
  ports: AcquirePorts,
): Promise<void> {
  const before = slot.record;
  const stored = await withLease(leaseOf(key, session.name, ports), () => readStored(key, ports));
  if (!stored) {
    if (before) slot.suspects.add(before.id);
    return;
  }
  if (before && stored.createdAtMs < before.createdAtMs) return;
  if (stored.id !== before?.id) slot.trustedUntilMs = 0;
  if (stored.handedOutAtMs !== undefined || stored.signedOutAtMs !== undefined) slot.suspects.add(stored.id);
  slot.record = { ...stored, handedOutAtMs: undefined };
}

/** Rejects if the store cannot be written: the next holder would trust a state that is used up. */
export async function markHandedOut(
  { key, session }: AcquireRequest,
  record: SessionRecord,
  ports: AcquirePorts,
): Promise<void> {
  const { store, clock, seal } = ports;
  await withLease(leaseOf(key, session.name, ports), async (under) =>
    store.put(key, await seal({ ...record, handedOutAtMs: clock.nowMs() }, key), under),
  );
}

/** Whether the use is still held is asked under the lease, which the next holder takes before it reads. */
export async function storeExclusive(
  key: string,
  { record, isHeld }: { readonly record: SessionRecord; readonly isHeld: () => Promise<boolean> },
  ports: AcquirePorts,
): Promise<void> {
  await withLease(leaseOf(key, record.session, ports), async (under) => {
    if (!(await isHeld())) throw useLost();
    await ports.store.put(key, await ports.seal(record, key), under);
  });
}

export function useLost(): AuthSessionsError {
  return new AuthSessionsError('ERR_LEASE_LOST', {
    failed: 'The use of the session has passed on.',
    known:
      'This process was suspended, or could not reach the session store. Another test may have the session now.',
    next: 'Check the connection to the session store, and run again.',
  });
}

function leaseOf(key: string, session: string, { store, clock, signal }: AcquirePorts) {
  return { store, clock, signal, name: leaseName(key), leaseMs, session, patienceMs };
}

const patienceMs = 60_000;
