import type { DoubtReason } from '../core/doubt-reason.js';
import type { SessionRecord } from '../core/sealed-session.js';
import { lacksCookiesOf, type StorageState } from '../core/storage-state.js';
import { acquireAuthSession } from './acquire-auth-session.js';
import type { AcquiredRecord, AcquirePorts, AcquireRequest } from './acquire-ports.js';
import { addDoubt, isDoubted } from './doubts.js';
import { adoptStored, markHandedOut, storeExclusive, useLost } from './exclusive-state.js';
import { readStored } from './read-stored.js';
import { signOut } from './sign-out.js';
import { newSlot, type Slot } from './slot.js';
import { leaseMs, leaseName } from './with-lease.js';

export interface AuthSessionPool {
  /** A signed-in state: from memory, from the store after a check, or from one sign-in shared by all requests. */
  acquire(request: AcquireRequest): Promise<AcquiredRecord>;
  /** Marks the state of this sign-in as signed out: it is never used again, in any run. */
  invalidate(key: string, id: string): Promise<void>;
  /**
   * Signs out on the server, if this run has the state of this sign-in and its flow can.
   *
   * @throws AuthSessionsError `ERR_SIGN_OUT_FAILED`
   */
  signOut(key: string, id: string): Promise<boolean>;
  /** Signs out of this session, and forgets it. */
  end(key: string): Promise<void>;
  /** Does so with all sessions. Returns the errors. */
  endAll(): Promise<readonly unknown[]>;
  /** Stops using the state of this sign-in in this run. It stays stored until it is replaced. */
  retire(key: string, id: string): void;
  /** Marks the state of this sign-in as doubtful: it is checked before it is used again. [signed-out] */
  suspect(key: string, id: string, why?: DoubtReason): void;
  /** Records that this sign-in's cookie had changed at the end of a failed test. */
  noteChangedCookie(key: string, id: string): void;
  /** Stores the state that a test's contexts left. */
  writeBack(key: string, id: string, state: StorageState): Promise<void>;
  /** Stores the state that a test left of an exclusive session. Rejects when it is not stored. */
  writeBackHeld(left: HeldState): Promise<void>;
  /** Notes that a test has an exclusive session: without a write-back, its state counts as used up. */
  handOut(request: AcquireRequest, record: SessionRecord): Promise<void>;
  /** Forgets failed sign-ins, for a new run in the same process. */
  forgetFailures(): void;
}

interface StateLeft {
  readonly key: string;
  readonly id: string;
  readonly state: StorageState;
}

interface HeldState extends StateLeft {
  /** Whether the test still holds the session. */
  readonly isHeld: () => Promise<boolean>;
}

/** Lets concurrent requests for a session share one acquisition. */
export function createAuthSessionPool(ports: AcquirePorts): AuthSessionPool {
  const { clock } = ports;
  const slots = new Map<string, Slot>();
  const earlierFailures = new Map(ports.failures);

  function slotOf(key: string): Slot {
    const known = slots.get(key);
    if (known) return known;
    const failure = earlierFailures.get(key);
    const slot: Slot = { ...newSlot(), ...(failure && { failure }) };
    slots.set(key, slot);
    return slot;
  }

  async function writeBack({ key, id, state, isHeld }: StateLeft & Partial<HeldState>): Promise<void> {
    const slot = slotOf(key);
    if (slot.record?.id !== id || slot.dead.has(id)) return;
    if (lacksCookiesOf(state, slot.record.state)) {
      // It may be signed out. Without a check, it is not used.
      if (!slot.canCheck) return;
      slot.suspects.add(id);
    }
    if (isHeld && !(await isHeld())) throw useLost();
    slot.record = { ...slot.record, state };
    if (slot.pending) {
      // A check that has not begun uses this state. One that has begun may have used its state up.
      slot.suspects.add(id);
      return;
    }
    slot.storing = slot.storing
      .catch(() => undefined)
      .then(async () =>
        isHeld && slot.record
          ? storeExclusive(key, { record: slot.record, isHeld }, ports)
          : storeWhatTestsLeft(key, slot.record, ports),
      );
    await slot.storing;
  }

  async function end(key: string): Promise<void> {
    const slot = slotOf(key);
    slots.delete(key);
    await slot.pending?.catch(() => undefined);
    const id = slot.record?.id;
    if (id !== undefined && !slot.dead.has(id)) await signOut(slot, id, ports);
    await ports.store.remove(key);
  }

  return {
    async acquire(request) {
      const slot = slotOf(request.key);
      slot.usedAs = { session: request.session, place: request.place };
      if (slot.failure) throw slot.failure;
      if (request.session.exclusive) await adoptStored(request, slot, ports);
      if (slot.record && !slot.pending && isTrusted(slot, slot.record, clock.nowMs()))
        return { record: slot.record, outcome: 'memory' };
      slot.waiters += 1;
      slot.pending ??= acquireAuthSession(request, slot, ports).finally(() => {
        delete slot.pending;
        slot.waiters = 0;
      });
      return slot.pending;
    },
    async invalidate(key, id) {
      const slot = slotOf(key);
      slot.dead.add(id);
      // This run knows it. A store that is not writable must not fail the calling test.
      const stored = await readStored(key, ports).catch(() => undefined);
      if (stored?.id !== id) return;
      slot.record ??= stored;
      await ports.store.remove(key).catch(() => undefined);
    },
    signOut: async (key, id) => signOut(slotOf(key), id, ports),
    end,
    async endAll() {
      const ended = await Promise.allSettled([...slots.keys()].map(end));
      return ended.flatMap((one) => (one.status === 'rejected' ? [one.reason as unknown] : []));
    },
    retire(key, id) {
      slotOf(key).dead.add(id);
    },
    suspect(key, id, why = 'signed-out') {
      const slot = slotOf(key);
      if (why === 'signed-out') slot.suspects.add(id);
      else addDoubt(slot.doubts, id, { why, nowMs: clock.nowMs(), canCheck: slot.canCheck });
    },
    noteChangedCookie(key, id) {
      slotOf(key).doubts.changed.add(id);
    },
    writeBack: async (key, id, state) => writeBack({ key, id, state }),
    writeBackHeld: writeBack,
    handOut: async (request, record) => markHandedOut(request, record, ports),
    forgetFailures() {
      earlierFailures.clear();
      for (const slot of slots.values()) delete slot.failure;
    },
  };
}

/** Setting the clock back does not prolong trust. */
function isTrusted(slot: Slot, { id }: SessionRecord, nowMs: number): boolean {
  const { trustedFromMs, trustedUntilMs, dead, suspects, doubts } = slot;
  if (nowMs < trustedFromMs || nowMs >= trustedUntilMs) return false;
  return !dead.has(id) && !suspects.has(id) && !isDoubted(doubts, id, nowMs);
}

/**
 * Needs the lease, so that it does not replace a newer sign-in. If another process has the lease, it stores a newer
 * state.
 */
async function storeWhatTestsLeft(
  key: string,
  record: SessionRecord | undefined,
  ports: AcquirePorts,
): Promise<void> {
  const { store } = ports;
  const lease = record && (await store.tryLease(leaseName(key), leaseMs));
  if (!lease) return;
  try {
    const stored = await readStored(key, ports);
    if (stored && stored.createdAtMs > record.createdAtMs) return;
    await store.put(key, await ports.seal(record, key), { lease, ttlMs: leaseMs });
  } finally {
    await lease.release().catch(() => undefined);
  }
}
