import type { DeclaredSession } from '../core/declared-session.js';
import type { DoubtReason } from '../core/doubt-reason.js';
import { nameInEntryKey } from '../core/entry-key.js';
import type { SessionRecord } from '../core/sealed-session.js';
import type { StorageState } from '../core/storage-state.js';
import { acquireAuthSession } from './acquire-auth-session.js';
import type { AcquiredRecord, AcquirePorts, AcquireRequest } from './acquire-ports.js';
import { confirmDoubt } from './confirm-doubt.js';
import { addDoubt, hastenDoubt, isDoubted } from './doubts.js';
import { adoptStored, markHandedOut, type HeldState } from './exclusive-state.js';
import { readStored } from './read-stored.js';
import { signOut } from './sign-out.js';
import { learnAbout, newSlot, type Slot } from './slot.js';
import { concernsOthers, storeDoubt } from './store-doubt.js';
import { sessionLease, withLease } from './with-lease.js';
import { writeBack, writeBackHeld } from './write-back.js';

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
  /**
   * Marks the state of this sign-in as doubtful: it is checked before it is used again, here at once. Resolves when the
   * store says so too, if others would trust it: given the session, this is known.
   */
  suspect(key: string, id: string, doubt?: Doubt): Promise<void>;
  /**
   * After a failed test: whether its state is signed out, by a check that ends with `signal`. `undefined` if that is not
   * known, as after most of many failures.
   */
  confirm(key: string, id: string, signal: AbortSignal): Promise<boolean | undefined>;
  /** Records that this sign-in's cookie had changed at the end of a failed test. */
  noteChangedCookie(key: string, id: string): void;
  /** Stores the state that a test's contexts left. Returns `false` if it is not used. */
  writeBack(key: string, id: string, state: StorageState): Promise<boolean>;
  /** Stores the state that a test left of an exclusive session. Returns `false` if it is signed out. */
  writeBackHeld(left: HeldState): Promise<boolean>;
  /** Notes that a test has an exclusive session: without a write-back, its state counts as used up. */
  handOut(request: AcquireRequest, record: SessionRecord, isHeld: () => Promise<boolean>): Promise<void>;
  /** Forgets failed sign-ins, for a new run in the same process. */
  forgetFailures(): void;
}

export interface Doubt {
  /** [signed-out] */
  readonly why?: DoubtReason | undefined;
  readonly session?: DeclaredSession | undefined;
}

/** Lets concurrent requests for a session share one acquisition. */
export function createAuthSessionPool(ports: AcquirePorts): AuthSessionPool {
  const { clock, spans } = ports;
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

  /** Needs the lease, so that it does not remove what another process is about to store. */
  async function removeDead(key: string, id: string): Promise<void> {
    const { store, signal } = ports;
    const session = nameInEntryKey(key) ?? key;
    const lease = { ...sessionLease(key, session, { store, clock, signal }), patienceMs };
    await withLease(lease, async () => {
      const stored = await readStored(key, ports);
      if (stored?.id !== id) return;
      slotOf(key).record ??= stored;
      await store.remove(key);
    });
  }

  async function acquireIn(slot: Slot, request: AcquireRequest): Promise<AcquiredRecord> {
    await slot.confirming;
    slot.usedAs = { session: request.session, place: request.place };
    if (slot.failure) throw slot.failure;
    if (request.session.exclusive) await adoptStored(request, slot, ports);
    if (request.isRetry && slot.record) hastenDoubt(slot.doubts, slot.record.id, clock.nowMs());
    if (slot.record && !slot.pending && isTrusted(slot, slot.record, clock.nowMs()))
      return { record: slot.record, outcome: 'memory' };
    slot.waiters += 1;
    if (slot.pending) spans?.linkTo(slot.pendingIn);
    else slot.pendingIn = spans?.current();
    slot.pending ??= acquireAuthSession(request, slot, ports).finally(() => {
      delete slot.pending;
      slot.waiters = 0;
    });
    return slot.pending;
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
      const leave = request.onPhase && slot.phases.watch(request.onPhase);
      try {
        return await acquireIn(slot, request);
      } finally {
        leave?.();
      }
    },
    async invalidate(key, id) {
      slotOf(key).dead.add(id);
      // This run knows it. A store that is not writable must not fail the calling test.
      await removeDead(key, id).catch(() => undefined);
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
    async suspect(key, id, { why = 'signed-out', session } = {}) {
      const slot = slotOf(key);
      const nowMs = clock.nowMs();
      if (session) learnAbout(slot, session);
      if (why === 'signed-out') slot.suspects.add(id);
      else addDoubt(slot.doubts, id, { why, nowMs, canCheck: slot.canCheck });
      if (!session || !concernsOthers(session)) return;
      if (slot.suspects.has(id) || isDoubted(slot.doubts, id, nowMs))
        await storeDoubt({ key, id, session: session.name }, ports);
    },
    confirm: async (key, id, signal) => confirmDoubt({ key, id }, slotOf(key), { ...ports, signal }),
    noteChangedCookie(key, id) {
      slotOf(key).doubts.changed.add(id);
    },
    writeBack: async (key, id, state) => writeBack({ key, id, state }, slotOf(key), ports),
    writeBackHeld: async (left) => writeBackHeld(left, slotOf(left.key), ports),
    handOut: async (request, record, isHeld) => markHandedOut(request, { record, isHeld }, ports),
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

const patienceMs = 30_000;
