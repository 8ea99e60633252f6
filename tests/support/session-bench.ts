import { createHash } from 'node:crypto';
import type { DeclaredSession } from '../../src/core/declared-session.js';
import { AuthSessionsError } from '../../src/core/errors.js';
import type { FlowRunner, RefusalStore, SessionStore, SignInCredentials } from '../../src/core/ports.js';
import type { OpenResult, SessionRecord } from '../../src/core/sealed-session.js';
import type { SessionEvent } from '../../src/core/session-event.js';
import { createAccountDesk, type AccountDesk } from '../../src/session/account-desk.js';
import type { AcquireRequest } from '../../src/session/acquire-ports.js';
import { createAuthSessionPool } from '../../src/session/auth-session-pool.js';
import { createMemoryRefusals } from '../../src/store/memory-refusals.js';
import { createMemoryStore } from '../../src/store/memory.js';
import { declareSession, stateOf } from './declared-session.js';
import { createFakeClock, type FakeClock } from './fake-clock.js';

type CreateJob = Parameters<FlowRunner['create']>[0];
type CheckJob = Parameters<FlowRunner['check']>[0];

/** A pool over a flow runner that counts, and everything that a test wants to see or to break. */
export interface SessionBench {
  readonly clock: FakeClock;
  readonly store: SessionStore;
  readonly refusals: RefusalStore;
  readonly accounts: AccountDesk;
  readonly pool: ReturnType<typeof createAuthSessionPool>;
  readonly creates: CreateJob[];
  readonly checks: CheckJob[];
  /** The states that were signed out, as their values. */
  readonly destroys: CheckJob[];
  readonly events: SessionEvent[];
  readonly remembered: Map<string, AuthSessionsError>;
  /** What flows do; a test may put others in their place. Signing in gives `created-1`, `created-2` and so on. */
  readonly flows: { -readonly [Name in keyof FlowRunner]: FlowRunner[Name] };
  credentialsAsked: number;
  credentials: () => Promise<SignInCredentials>;
  stop(): void;
  request(session?: Partial<DeclaredSession>, key?: string): AcquireRequest;
  acquire(session?: Partial<DeclaredSession>, key?: string): Promise<SessionRecord>;
  /** Acquires, while time goes by as far as it takes. */
  take(session?: Partial<DeclaredSession>, key?: string): Promise<SessionRecord>;
  stored(key?: string): Promise<SessionRecord | undefined>;
  /** Puts a record into the store, as an earlier run would have. */
  keep(record: Partial<SessionRecord>, key?: string): Promise<SessionRecord>;
}

export interface BenchOptions {
  readonly clock?: FakeClock;
  readonly store?: (memory: SessionStore) => SessionStore;
  readonly refusals?: (memory: RefusalStore) => RefusalStore;
  /** Of a bench that is another run on the same store. */
  readonly sharing?: SessionBench;
  readonly failures?: ReadonlyMap<string, AuthSessionsError>;
  readonly name?: string;
}

export const entry = 'admin-entry';

export function createSessionBench(options: BenchOptions = {}): SessionBench {
  const clock = options.sharing?.clock ?? options.clock ?? createFakeClock();
  const memory = options.sharing?.store ?? createMemoryStore({ clock });
  const store = options.store?.(memory) ?? memory;
  const kept = options.sharing?.refusals ?? createMemoryRefusals({ clock });
  const refusals = options.refusals?.(kept) ?? kept;
  const stopping = new AbortController();
  const failures = options.failures ?? new Map<string, AuthSessionsError>();
  const onFailure = (key: string, error: AuthSessionsError) => void bench.remembered.set(key, error);
  const accounts = createAccountDesk({
    ...{ store, refusals, clock, signal: stopping.signal, failures, onFailure },
    fingerprint: (text) => createHash('sha256').update(text).digest('hex'),
  });
  const name = options.name ?? 'created';
  let ids = 0;

  const bench: SessionBench = {
    clock,
    store,
    refusals,
    accounts,
    creates: [],
    checks: [],
    destroys: [],
    events: [],
    remembered: new Map(),
    flows: {
      create: () => Promise.resolve(stateOf(`${name}-${bench.creates.length}`)),
      check: ({ from }) => Promise.resolve({ signedIn: true, state: from }),
      destroy: () => Promise.resolve(true),
    },
    credentialsAsked: 0,
    credentials: () => Promise.resolve({ values: {}, nextCode: () => Promise.resolve('123456') }),
    stop: () => stopping.abort(stopped()),
    pool: createAuthSessionPool({
      store,
      clock,
      accounts,
      flows: {
        create: (job) => {
          bench.creates.push(job);
          return bench.flows.create(job);
        },
        check: (job) => {
          bench.checks.push(job);
          return bench.flows.check(job);
        },
        destroy: (job) => {
          bench.destroys.push(job);
          return bench.flows.destroy(job);
        },
      },
      seal,
      open,
      newId: () => `${name}-id-${(ids += 1)}`,
      report: (event) => bench.events.push(event),
      failures,
      onFailure,
      signal: stopping.signal,
    }),
    request: (session = {}, key = entry) => ({
      key,
      session: declareSession(session),
      place: { baseURL: 'https://app.example', project: 'chromium' },
      credentials: () => {
        bench.credentialsAsked += 1;
        return bench.credentials();
      },
    }),
    acquire: (session, key) => bench.pool.acquire(bench.request(session, key)).then(({ record }) => record),
    take: (session, key) => clock.runUntil(bench.acquire(session, key)),
    async stored(key = entry) {
      const sealed = await memory.get(key);
      const opened = sealed === undefined ? undefined : await open(sealed, key);
      return opened?.ok ? opened.record : undefined;
    },
    async keep(own, key = entry) {
      const nowMs = clock.nowMs();
      const record = {
        ...{ id: 'kept-id', session: 'admin', createdAtMs: nowMs, checkedAtMs: nowMs },
        ...{ state: stateOf('kept'), ...own },
      };
      await memory.put(key, await seal(record, key));
      return record;
    },
  };
  return bench;
}

export function stopped(): AuthSessionsError {
  return new AuthSessionsError('ERR_STOPPED', { failed: 'The run was stopped.', next: 'Run again.' });
}

/** A promise that a test settles. */
export function createGate<Value = void>(): {
  readonly passed: Promise<Value>;
  readonly open: (value: Value) => void;
  readonly fail: (error: Error) => void;
} {
  let open!: (value: Value) => void;
  let fail!: (error: Error) => void;
  const passed = new Promise<Value>((resolve, reject) => {
    open = resolve;
    fail = reject;
  });
  return { passed, open, fail };
}

/** The error of a promise that has to fail. */
export async function errorOf(promise: Promise<unknown>): Promise<AuthSessionsError> {
  return promise.then(
    () => {
      throw new Error('It did not fail');
    },
    (error: unknown) => error as AuthSessionsError,
  );
}

function seal(record: SessionRecord, entryKey: string): Promise<string> {
  return Promise.resolve(JSON.stringify({ entryKey, record }));
}

function open(sealed: string, entryKey: string): Promise<OpenResult> {
  if (!sealed.startsWith('{')) return Promise.resolve({ ok: false, reason: 'not-sealed' });
  const envelope = JSON.parse(sealed) as { entryKey: string; record: SessionRecord };
  return Promise.resolve(
    envelope.entryKey === entryKey
      ? { ok: true, record: envelope.record }
      : { ok: false, reason: 'other-entry' },
  );
}
