import type { DeclaredSession } from '../core/declared-session.js';
import { AuthSessionsError } from '../core/errors.js';
import { isInDoubt, withState, type SessionRecord } from '../core/sealed-session.js';
import { lacksCookiesOf, type StorageState } from '../core/storage-state.js';
import type { AcquirePorts, AcquireRequest } from './acquire-ports.js';
import { readStored } from './read-stored.js';
import type { Attempt, Slot } from './slot.js';
import { sessionLease, withLease } from './with-lease.js';

/**
 * What the holder before left is in the store, from any machine. Its state replaces the one in memory. It is checked
 * before use if that holder ended without a write-back, or doubted it. Reading takes the session's lease, so that a
 * late holder cannot write under the lease it had.
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
  if (stored.id !== before?.id) slot.trustedUntilMs = 0;
  if (isInDoubt(stored)) slot.suspects.add(stored.id);
  slot.record = stored;
}

/**
 * Marks a state before it is used: the next user must check it, unless this one clears the mark. Rejects if the store
 * cannot be written: the next holder would trust a state that is used up.
 */
export async function markInUse(
  key: string,
  record: SessionRecord,
  { attempt: { under }, ports: { store, clock, seal } }: Marking,
): Promise<void> {
  if (!isInDoubt(record))
    await store.put(key, await seal({ ...record, handedOutAtMs: clock.nowMs() }, key), under);
}

/** Marks what is stored, if anything is. */
export async function markStored(key: string, { attempt, ports }: Marking): Promise<void> {
  const stored = await readStored(key, ports);
  if (stored) await markInUse(key, stored, { attempt, ports });
}

interface Marking {
  readonly attempt: Pick<Attempt, 'under'>;
  readonly ports: Pick<AcquirePorts, 'store' | 'clock' | 'seal' | 'open'>;
}

/** Whether the use is still held is asked under the lease, which the next holder takes before it reads. */
export async function markHandedOut(
  { key, session }: AcquireRequest,
  { record, isHeld }: { readonly record: SessionRecord; readonly isHeld: () => Promise<boolean> },
  ports: AcquirePorts,
): Promise<void> {
  await withLease(leaseOf(key, session.name, ports), async (under) => {
    if (!(await isHeld())) throw useLost();
    await markInUse(key, record, { attempt: { under }, ports });
  });
}

export interface HeldState {
  readonly key: string;
  readonly id: string;
  readonly session: Pick<DeclaredSession, 'name' | 'flow'>;
  readonly state: StorageState;
  /** Whether the test still holds the session. */
  readonly isHeld: () => Promise<boolean>;
}

/**
 * Stores the state of the sign-in that the test was given, and returns its record. What is stored counts, not what this
 * process remembers: it may have been restarted. A doubt stays until a check. Returns `undefined` for a state that
 * lacks cookies and cannot be checked: the stored one stays marked.
 *
 * @throws AuthSessionsError `ERR_LEASE_LOST`, `ERR_STATE_REPLACED`
 */
export async function storeExclusive(
  { key, id, session, state, isHeld }: HeldState,
  ports: AcquirePorts,
): Promise<SessionRecord | undefined> {
  const { store, seal, clock } = ports;
  return withLease(leaseOf(key, session.name, ports), async (under) => {
    if (!(await isHeld())) throw useLost();
    const stored = await readStored(key, ports);
    if (stored?.id !== id) throw replaced(session.name, stored);
    const isLacking = lacksCookiesOf(state, stored.state);
    if (isLacking && !session.flow?.check) return undefined;
    const doubtedAtMs = stored.doubtedAtMs ?? (isLacking ? clock.nowMs() : undefined);
    const record = { ...withState(stored, state), doubtedAtMs, handedOutAtMs: undefined };
    await store.put(key, await seal(record, key), under);
    return record;
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

function replaced(session: string, stored: SessionRecord | undefined): AuthSessionsError {
  return new AuthSessionsError(
    'ERR_STATE_REPLACED',
    {
      failed: `The state that a test left of session "${session}" was not stored.`,
      known: stored ? 'The store has the state of another sign-in.' : 'The store has no usable state of it.',
      next: 'Run again. Do not empty the store or sign in by other means during a run.',
    },
    { session },
  );
}

function leaseOf(key: string, session: string, { store, clock, signal }: AcquirePorts) {
  return { ...sessionLease(key, session, { store, clock, signal }), patienceMs };
}

const patienceMs = 60_000;
