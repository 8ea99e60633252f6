import type { DeclaredSession } from '../core/declared-session.js';
import { AuthSessionsError, isCredentialsRejected } from '../core/errors.js';
import type { Clock, FlowRunner, SessionPlace, SessionStore, SignInCredentials } from '../core/ports.js';
import type { OpenResult, SessionRecord } from '../core/sealed-session.js';
import type { SessionEvent } from '../core/session-event.js';
import { isSignedOutByCookies, lacksCookiesOf, type StorageState } from '../core/storage-state.js';
import { explainSignInFailure } from './explain-sign-in-failure.js';
import { withLease } from './with-lease.js';

export interface AcquirePorts {
  readonly store: SessionStore;
  readonly flows: FlowRunner;
  readonly clock: Clock;
  readonly seal: (record: SessionRecord, entryKey: string) => Promise<string>;
  readonly open: (sealed: string, entryKey: string) => Promise<OpenResult>;
  readonly newId: () => string;
  readonly report: (event: SessionEvent) => void;
  /** Failures of this run from before a restart; they are not tried again. */
  readonly failures: ReadonlyMap<string, AuthSessionsError>;
  /** Hears of each failure that is remembered. */
  readonly onFailure: (key: string, error: AuthSessionsError) => void;
  /** Aborted when the run stops. */
  readonly signal: AbortSignal;
}

export interface AcquireRequest {
  /** Of the store; requests with the same key share one sign-in. */
  readonly key: string;
  readonly session: DeclaredSession;
  readonly place: SessionPlace;
  /** Asked only when a sign-in is needed, once per attempt. */
  readonly credentials: () => Promise<SignInCredentials>;
}

export interface AuthSessionPool {
  /** A state that is signed in: from memory, from the store after a check, or from one sign-in that all askers share. */
  acquire(request: AcquireRequest): Promise<SessionRecord>;
  /** The state of this sign-in is known to be dead: never hand it out again. */
  invalidate(key: string, id: string): void;
  /** The state of this sign-in may be dead: check it before it is handed out again. */
  suspect(key: string, id: string): void;
  /** Takes back what the contexts of a test left. */
  writeBack(key: string, id: string, state: StorageState): Promise<void>;
  /** Failed sign-ins are remembered for a run; a new run in the same process may try again. */
  forgetFailures(): void;
}

/** What is known of one session in this run. */
interface Slot {
  record?: SessionRecord;
  trustedUntilMs: number;
  /** Sign-ins whose states are known to be dead. */
  readonly dead: Set<string>;
  /** Sign-ins whose states may be dead; one is taken off when a check of it begins. */
  readonly suspects: Set<string>;
  canCheck: boolean;
  failure?: AuthSessionsError;
  pending?: Promise<SessionRecord>;
  waiters: number;
  /** What tests left is stored one after the other. */
  storing: Promise<void>;
}

/** Counted while a session is brought up, for the event that tells of it. */
interface Attempt {
  signIns: number;
  checks: number;
  readonly notes: string[];
}

const leaseMs = 30_000;
const checkPauseMs = 250;

/** The only place with concurrency in it: look up, open, check, lease, sign in, seal, put. */
export function createAuthSessionPool(ports: AcquirePorts): AuthSessionPool {
  const { clock } = ports;
  const slots = new Map<string, Slot>();
  const earlierFailures = new Map(ports.failures);

  function slotOf(key: string): Slot {
    const known = slots.get(key);
    if (known) return known;
    const failure = earlierFailures.get(key);
    const slot: Slot = {
      trustedUntilMs: 0,
      dead: new Set(),
      suspects: new Set(),
      canCheck: false,
      waiters: 0,
      storing: Promise.resolve(),
      ...(failure && { failure }),
    };
    slots.set(key, slot);
    return slot;
  }

  return {
    async acquire(request) {
      const slot = slotOf(request.key);
      if (slot.failure) throw slot.failure;
      if (slot.record && !slot.pending && isTrusted(slot, slot.record, clock.nowMs())) return slot.record;
      slot.waiters += 1;
      slot.pending ??= bringUp(request, slot, ports).finally(() => {
        delete slot.pending;
        slot.waiters = 0;
      });
      return slot.pending;
    },
    invalidate(key, id) {
      slotOf(key).dead.add(id);
    },
    suspect(key, id) {
      slotOf(key).suspects.add(id);
    },
    async writeBack(key, id, state) {
      const slot = slotOf(key);
      if (slot.record?.id !== id || slot.dead.has(id) || slot.pending) return;
      if (lacksCookiesOf(state, slot.record.state)) {
        // It may be signed out. Where nothing can tell, it is not taken.
        if (!slot.canCheck) return;
        slot.suspects.add(id);
      }
      slot.record = { ...slot.record, state };
      slot.storing = slot.storing
        .catch(() => undefined)
        .then(() => storeWhatTestsLeft(key, slot.record, ports));
      await slot.storing;
    },
    forgetFailures() {
      earlierFailures.clear();
      for (const slot of slots.values()) delete slot.failure;
    },
  };
}

function isTrusted({ trustedUntilMs, dead, suspects }: Slot, { id }: SessionRecord, nowMs: number): boolean {
  return nowMs < trustedUntilMs && !dead.has(id) && !suspects.has(id);
}

/** With the lease in hand, so that it replaces nobody's newer sign-in. Whoever else holds it, stores what is newer. */
async function storeWhatTestsLeft(
  key: string,
  record: SessionRecord | undefined,
  { store, seal, open }: AcquirePorts,
): Promise<void> {
  const lease = record && (await store.tryLease(leaseName(key), leaseMs));
  if (!lease) return;
  try {
    const sealed = await store.get(key);
    const stored = sealed === undefined ? undefined : await open(sealed, key);
    if (stored?.ok && stored.record.createdAtMs > record.createdAtMs) return;
    await store.put(key, await seal(record, key));
  } finally {
    await lease.release().catch(() => undefined);
  }
}

function leaseName(key: string): string {
  return `session:${key}`;
}

async function bringUp(request: AcquireRequest, slot: Slot, ports: AcquirePorts): Promise<SessionRecord> {
  const startedAtMs = ports.clock.nowMs();
  const attempt: Attempt = { signIns: 0, checks: 0, notes: [] };
  slot.canCheck = request.session.flow?.check !== undefined;
  const tell = (outcome: SessionEvent['outcome'], error?: unknown) => {
    ports.report({
      session: request.session.name,
      baseURL: request.place.baseURL,
      outcome,
      startedAtMs,
      durationMs: ports.clock.nowMs() - startedAtMs,
      waiters: slot.waiters,
      signIns: attempt.signIns,
      checks: attempt.checks,
      errorCode: error instanceof AuthSessionsError ? error.code : undefined,
      notes: attempt.notes,
    });
  };
  try {
    const { outcome, record } = await withLease(
      {
        store: ports.store,
        clock: ports.clock,
        signal: ports.signal,
        name: leaseName(request.key),
        leaseMs,
      },
      () => restoreOrSignIn(request, slot, attempt, ports),
    ).catch((error: unknown) => {
      // Whatever breaks off while the run stops, breaks off because it stops.
      ports.signal.throwIfAborted();
      throw error;
    });
    slot.record = record;
    slot.trustedUntilMs = trustEndMs(request.session, record, ports.clock.nowMs());
    tell(outcome);
    return record;
  } catch (error) {
    if (error instanceof AuthSessionsError && isLasting(error)) {
      slot.failure = error;
      ports.onFailure(request.key, error);
    }
    tell('failed', error);
    throw error;
  }
}

async function restoreOrSignIn(
  request: AcquireRequest,
  slot: Slot,
  attempt: Attempt,
  ports: AcquirePorts,
): Promise<{ outcome: SessionEvent['outcome']; record: SessionRecord }> {
  const all = await knownRecords(request, slot, attempt, ports);
  const known = newest(all);
  const usable = newest(all.filter(({ id }) => !slot.dead.has(id)));
  const checked = usable && (await recheck(request, slot, usable, attempt, ports));
  // A test may have found it dead while it was checked.
  const last = checked && !slot.dead.has(checked.record.id) ? checked : undefined;
  if (last?.signedIn) return { outcome: 'restored', record: last.record };
  refuseToSignIn(request.session, known, attempt);
  const record = await signIn(request, last?.record.state, attempt, ports);
  return { outcome: known ? 'renewed' : 'created', record };
}

/** What this run knows, and what it or another run has stored. */
async function knownRecords(
  { key }: AcquireRequest,
  slot: Slot,
  attempt: Attempt,
  ports: AcquirePorts,
): Promise<SessionRecord[]> {
  const sealed = await ports.store.get(key);
  const opened = sealed === undefined ? undefined : await ports.open(sealed, key);
  if (opened && !opened.ok) attempt.notes.push(`the stored entry was not used: ${opened.reason}`);
  return [slot.record, opened?.ok ? opened.record : undefined].filter((record) => record !== undefined);
}

/** Of the latest sign-in, and of that as its latest check left it: another run may have checked it since. */
function newest(records: readonly SessionRecord[]): SessionRecord | undefined {
  const [first, second] = records;
  if (!first || !second) return first;
  const laterMs = second.createdAtMs - first.createdAtMs || second.checkedAtMs - first.checkedAtMs;
  return laterMs > 0 ? second : first;
}

/** Whether a record is still signed in, and the record as its check left it, written back before anyone gets it. */
async function recheck(
  request: AcquireRequest,
  slot: Slot,
  record: SessionRecord,
  attempt: Attempt,
  ports: AcquirePorts,
): Promise<{ signedIn: boolean; record: SessionRecord }> {
  const { session, key } = request;
  const nowMs = ports.clock.nowMs();
  const suspected = slot.suspects.delete(record.id);
  if (nowMs - record.createdAtMs > session.ttlSeconds * 1000 || isSignedOutByCookies(record.state, nowMs))
    return { signedIn: false, record };
  if (!session.flow?.check) {
    // Nothing but what the test saw can tell.
    if (suspected) slot.dead.add(record.id);
    return { signedIn: !suspected, record };
  }
  const checked = await check(request, record.state, attempt, ports);
  const state = session.writeBack === false ? record.state : checked.state;
  const after = { ...record, state, ...(checked.signedIn ? { checkedAtMs: ports.clock.nowMs() } : {}) };
  if (checked.signedIn && session.writeBack !== false) await put(key, after, attempt, ports);
  return { signedIn: checked.signedIn, record: after };
}

/** A no counts only after `checkAttempts`: one slow answer is no reason to sign in again. */
async function check(
  { session, place }: AcquireRequest,
  from: StorageState,
  attempt: Attempt,
  { flows, clock, signal }: AcquirePorts,
): Promise<{ signedIn: boolean; state: StorageState }> {
  let state = from;
  for (let left = session.checkAttempts; left > 0; left -= 1) {
    attempt.checks += 1;
    try {
      const result = await flows.check({ session, place, from: state, signal });
      if (result.signedIn) return result;
      state = result.state;
    } catch (error) {
      signal.throwIfAborted();
      attempt.notes.push(`a check threw: ${error instanceof Error ? firstLine(error) : 'something'}`);
    }
    if (left > 1) await clock.sleep(checkPauseMs, signal);
  }
  return { signedIn: false, state };
}

/** Signs in, from the state a renewal starts from; a second attempt starts clean. */
async function signIn(
  request: AcquireRequest,
  startFrom: StorageState | undefined,
  attempt: Attempt,
  ports: AcquirePorts,
): Promise<SessionRecord> {
  const { session, place, key } = request;
  for (let number = 1; ; number += 1) {
    const credentials = await request.credentials();
    attempt.signIns += 1;
    try {
      const from = number === 1 ? startFrom : undefined;
      const state = await ports.flows.create({ session, place, from, signal: ports.signal, ...credentials });
      const nowMs = ports.clock.nowMs();
      const record = {
        id: ports.newId(),
        session: session.name,
        createdAtMs: nowMs,
        checkedAtMs: nowMs,
        state,
      };
      await put(key, record, attempt, ports);
      return record;
    } catch (error) {
      ports.signal.throwIfAborted();
      const last = number >= session.createAttempts;
      if (last || isCredentialsRejected(error) || !isWorthAnotherTry(error))
        throw explainSignInFailure(error, session.name);
      attempt.notes.push(`sign-in ${number} failed: ${firstLine(error)}`);
    }
  }
}

/** A session that was signed in is worth more than its copy: without a store it lasts for this run. */
async function put(key: string, record: SessionRecord, attempt: Attempt, ports: AcquirePorts): Promise<void> {
  try {
    await ports.store.put(key, await ports.seal(record, key));
  } catch (error) {
    attempt.notes.push(`not stored, it lasts for this run only: ${firstLine(error)}`);
  }
}

function refuseToSignIn(
  session: DeclaredSession,
  known: SessionRecord | undefined,
  { notes: [unused] }: Attempt,
): void {
  const whyNone = unused === undefined ? 'It was not recorded yet.' : `It was recorded, but ${unused}.`;
  if (session.type === 'recorder')
    throw new AuthSessionsError(
      'ERR_RECORDING_NEEDED',
      {
        failed: `Session "${session.name}" has to be signed in by a person.`,
        known: known ? 'Its recorded state is no longer signed in.' : whyNone,
        next: `Run: npx auth-sessions record ${session.name}`,
      },
      { session: session.name },
    );
  if (known && !session.renew)
    throw new AuthSessionsError(
      'ERR_SESSION_EXPIRED',
      {
        failed: `Session "${session.name}" is no longer signed in.`,
        known: 'It is declared with renew: false.',
        next: 'Allow renew, or remove the stored session so that it is created again.',
      },
      { session: session.name },
    );
}

/** A flow without a check is trusted until its state is too old. */
function trustEndMs(session: DeclaredSession, record: SessionRecord, nowMs: number): number {
  const expiresMs = record.createdAtMs + session.ttlSeconds * 1000;
  return session.flow?.check ? Math.min(nowMs + session.trustSeconds * 1000, expiresMs) : expiresMs;
}

/** Whether asking again in this run would only repeat it. A stopped run or a busy store would not. */
function isLasting({ code }: AuthSessionsError): boolean {
  return code !== 'ERR_STOPPED' && code !== 'ERR_SESSION_BUSY' && code !== 'ERR_STORE_UNWRITABLE';
}

/** What the vault, the store or the project got wrong is wrong the second time, too. */
function isWorthAnotherTry(error: unknown): boolean {
  return (
    !(error instanceof AuthSessionsError) ||
    ['ERR_SIGN_IN_TIMEOUT', 'ERR_NOT_SIGNED_IN', 'ERR_SIGN_IN_FAILED'].includes(error.code)
  );
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n', 1)[0] ?? '';
}
