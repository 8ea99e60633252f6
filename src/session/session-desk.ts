import type { DeclaredSession } from '../core/declared-session.js';
import { nameInEntryKey } from '../core/entry-key.js';
import type { FlowRunner, SessionPlace, SessionStore, Vault, VaultCode } from '../core/ports.js';
import type { SessionRecord } from '../core/sealed-session.js';
import { SecretValue } from '../core/secret-value.js';
import type { StorageState } from '../core/storage-state.js';
import type { Redactor } from '../redaction/redactor.js';
import type { OpenedStore } from '../store/open-store.js';
import type { AcquirePorts } from './acquire-ports.js';
import type { AuthSessionPool } from './auth-session-pool.js';
import { carryIn, carryOut, type CarriedSession, type CarryOutcome } from './carry-session.js';
import { checkOnlyPorts } from './check-only-ports.js';
import { flowsUnder } from './hold.js';
import { judgeState } from './judge-state.js';
import type { CheckAnswer, JudgedState } from './check-answer.js';
import { restoreAuthSession, unanswered } from './restore-auth-session.js';
import { readEntries, readEntry, requestOf, type ReadOptions, type SessionEntry } from './session-entry.js';
import { newSlot, type Attempt } from './slot.js';
import { sessionLease, withLease } from './with-lease.js';

/** Operations on stored sessions, for the command line. */
export interface SessionDesk {
  readonly sessions: ReadonlyMap<string, DeclaredSession>;
  /** One entry per session and base URL. Only reads the store. */
  entries(places: readonly SessionPlace[]): Promise<readonly SessionEntry[]>;
  /**
   * Runs the flow's check on a stored session, and stores the state after it, as a run does.
   * @throws AuthSessionsError `ERR_SESSION_BUSY`, `ERR_APPLICATION_UNREACHABLE`
   */
  check(entry: SessionEntry): Promise<CheckAnswer>;
  /**
   * Signs out on the server. `false` if nothing is stored, or if the flow cannot.
   *
   * @throws AuthSessionsError `ERR_SIGN_OUT_FAILED`, `ERR_SESSION_BUSY`
   */
  signOut(entry: SessionEntry): Promise<boolean>;
  /** Makes the next request sign in again. The stored state stays until then. */
  retire(entry: SessionEntry): void;
  /**
   * Returns `false` if nothing was stored. Waits half a minute for another process that uses the session.
   * @throws AuthSessionsError `ERR_SESSION_BUSY`
   */
  remove(entry: SessionEntry): Promise<boolean>;
  /** Other stored entries: for other base URLs, for earlier flows and references, of other sessions. */
  others(entries: readonly SessionEntry[]): Promise<readonly OtherEntry[]>;
  /** Runs the flow's check on a state from a sign-in by hand. Stores nothing. */
  judge(entry: SessionEntry, state: StorageState): Promise<JudgedState>;
  /**
   * Seals a record from `judge`, replacing the stored one.
   * @throws AuthSessionsError `ERR_SESSION_BUSY`, `ERR_STORE_UNWRITABLE`
   */
  keep(entry: SessionEntry, record: SessionRecord): Promise<void>;
  /** The stored entry of a session as it is sealed. `undefined` if there is none that can be opened. */
  carryOut(entry: SessionEntry): Promise<CarriedSession | undefined>;
  /**
   * Stores an entry that another store had, unless it cannot be opened or a newer one is stored.
   * @throws AuthSessionsError `ERR_SESSION_BUSY`, `ERR_STORE_UNWRITABLE`
   */
  carryIn(entry: SessionEntry, sealed: string): Promise<CarryOutcome>;
  /** Where the key comes from that seals and opens. */
  readonly keySource: OpenedStore['keySource'];
  /** The current code, to compare with typed text. Claims no time step. `undefined` if the session has no code. */
  readCode(session: DeclaredSession): Promise<VaultCode | undefined>;
}

/** A stored entry that no current session uses here. */
export interface OtherEntry {
  /** The session's name; `undefined` if the key does not contain it. */
  readonly name: string | undefined;
  /** Returns `false` if it was gone. @throws AuthSessionsError `ERR_SESSION_BUSY` */
  remove(): Promise<boolean>;
}

export interface SessionDeskOptions
  extends ReadOptions, Pick<AcquirePorts, 'clock' | 'signal' | 'seal' | 'newId'> {
  readonly sessions: ReadonlyMap<string, DeclaredSession>;
  readonly store: SessionStore;
  readonly flows: FlowRunner;
  readonly pool: Pick<AuthSessionPool, 'retire'>;
  readonly vault: Pick<Vault, 'readCode'>;
  readonly redactor: Pick<Redactor, 'add'>;
  readonly keySource: OpenedStore['keySource'];
}

export function createSessionDesk(options: SessionDeskOptions): SessionDesk {
  const { sessions, store, clock, signal, pool } = options;
  return {
    sessions,
    entries: (places) => readEntries(sessions.values(), places, options),
    async check(entry) {
      const { record: seen, session, key } = entry;
      const attempt: Attempt = { signIns: 0, checks: 0, notes: [] };
      if (!seen) return { signedIn: false, checks: 0, notes: [] };
      const lease = sessionLease(key, session.name, { store, clock, signal });
      const { signedIn } = await withLease(lease, async (under, hold) => {
        attempt.under = under;
        // A run may have renewed it meanwhile: the checked state must not replace a newer one.
        const { record } = await readEntry(entry, options);
        if (!record) return { signedIn: false };
        const flows = flowsUnder(options.flows, hold);
        const ports = { ...options, ...checkOnlyPorts(), flows, signal: hold.signal };
        return restoreAuthSession(requestOf(entry), record, { slot: newSlot(), attempt, ports });
      });
      const trouble = signedIn ? undefined : unanswered(attempt);
      if (trouble) throw trouble;
      return { signedIn, checks: attempt.checks, notes: attempt.notes, seen: attempt.seen };
    },
    async signOut(entry) {
      const { session, place, key } = entry;
      const lease = sessionLease(key, session.name, { store, clock, signal });
      return withLease(lease, async (_, hold) => {
        // A run may have renewed it meanwhile.
        const { record } = await readEntry(entry, options);
        const job = { session, place, signal: hold.signal };
        return record ? flowsUnder(options.flows, hold).destroy({ ...job, from: record.state }) : false;
      });
    },
    retire({ key, record }) {
      if (record) pool.retire(key, record.id);
    },
    remove: ({ key, session }) => removeEntry(key, session.name, options),
    async others(entries) {
      const own = new Set(entries.map(({ key }) => key));
      const keys = (await store.keys()).filter((key) => !own.has(key));
      return keys.map((key) => {
        const name = nameInEntryKey(key);
        return { name, remove: async () => removeEntry(key, name ?? key, options) };
      });
    },
    judge: (entry, state) => judgeState(entry, state, options),
    async keep({ key, session }, record) {
      const lease = sessionLease(key, session.name, { store, clock, signal });
      await withLease(lease, async (under) => store.put(key, await options.seal(record, key), under));
    },
    carryOut: async ({ key }) => carryOut(key, options),
    carryIn: async ({ key, session }, sealed) => carryIn({ key, session, sealed }, options),
    keySource: options.keySource,
    async readCode({ name, code: reference }) {
      const answer = reference && (await options.vault.readCode(reference, signal));
      if (answer)
        options.redactor.add(new SecretValue(answer.code.reveal(), `${name}.code`, { kind: 'code' }));
      return answer;
    },
  };
}

/** Needs the lease: a process using the session would store its state again. */
async function removeEntry(
  key: string,
  session: string,
  { store, clock, signal }: Pick<SessionDeskOptions, 'store' | 'clock' | 'signal'>,
): Promise<boolean> {
  const lease = { ...sessionLease(key, session, { store, clock, signal }), patienceMs: 30_000 };
  return withLease(lease, async () => {
    const wasThere = (await store.get(key)) !== undefined;
    await store.remove(key);
    return wasThere;
  });
}
