import type { DeclaredSession } from '../core/declared-session.js';
import type { PoolAccount } from '../core/pool-account.js';
import type { DoubtReason } from '../core/doubt-reason.js';
import type { SessionPlace } from '../core/ports.js';
import type { SessionAsker, UseOutcome } from '../core/session-event.js';
import type { StorageState } from '../core/storage-state.js';
import type { BrowserPlan } from '../browser/browser-plan.js';
import type { ListedSession } from '../session/listed-session.js';
import type { LedgerPage } from './secret-ledger.js';
import type { SerializedError } from './serialized-error.js';

/** The requests of workers, by the path they post to. */
export interface BrokerRequests {
  '/base-url': {
    request: { session: string };
    /** What has to be claimed with `/use` before the session is asked for, in this order. */
    answer: { baseURL: string | undefined; claims: readonly UseScope[] };
  };
  '/use': { request: UseMessage; answer: UseAnswer };
  '/end-use': { request: { uses: readonly EndedUse[] }; answer: Record<string, never> };
  '/acquire': { request: AcquireMessage; answer: AcquiredSession };
  '/credentials': { request: AskedCredentials; answer: CredentialsAnswer };
  '/code': { request: AskedCredentials; answer: { code: string } };
  /** Ends a session that one test had for itself. */
  '/end-session': { request: { key: string }; answer: Record<string, never> };
  '/invalidate': { request: SessionHandle; answer: Record<string, never> };
  /** After a failed test: `signedOut` if a check has found that the session had ended. */
  '/suspect': {
    request: SuspectMessage;
    answer: { signedOut?: { readonly renews: boolean } | undefined };
  };
  /** `isKept`: false for a state that is not used, because it may be signed out or its sign-in was replaced. */
  '/write-back': { request: WriteBackMessage; answer: { isKept: boolean } };
  /** The projects of the suite, for a script. Playwright gives them to tests itself. */
  '/projects': { request: object; answer: { projects: readonly ProjectPlan[] } };
  '/list': { request: { places: readonly SessionPlace[] }; answer: { sessions: readonly ListedSession[] } };
  /** Asks whether the stored session is still signed in. Never signs in. */
  '/check': { request: SessionAtPlace; answer: CheckedSession };
  /** The stored session, to invalidate it. */
  '/stored': { request: SessionAtPlace; answer: { stored?: SessionHandle | undefined } };
  /** Makes the next request for it sign in again, ignoring the stored session. */
  '/retire': { request: SessionAtPlace; answer: Record<string, never> };
}

export interface ProjectPlan extends Pick<
  BrowserPlan,
  'browserName' | 'launchOptions' | 'connectOptions' | 'contextOptions'
> {
  readonly name: string;
  readonly baseURL: string | undefined;
}

export interface SessionAtPlace {
  readonly session: string;
  readonly place: SessionPlace;
}

/** What a check found. */
export interface CheckedSession {
  readonly state: 'signed in' | 'signed out' | 'not stored';
  /** `check`: the application was asked. `age`: only the age counts, because the flow has no check. */
  readonly by: 'check' | 'age' | undefined;
  readonly notes: readonly string[];
}

/** `worker`: an account of a pool, for the worker's life. `test`: a session with limited uses, for one test. */
export type UseScope = 'worker' | 'test';

interface WorkerUse {
  /** The name as asked for. Once a use of a pool's session is granted, that account's session. */
  readonly session: string;
  readonly scope: UseScope;
  /** Chosen by the worker, so that a repeated request has the same answer. */
  readonly ticket: string;
  readonly asker?: SessionAsker | undefined;
  /** Playwright's `parallelIndex`: a retry has its worker's. */
  readonly lane: number;
}

/** A use that a worker has. A broker that did not grant it can take it up again. */
export interface HeldUse extends WorkerUse {
  readonly slot: number;
}

export type EndedUse = Pick<HeldUse, 'session' | 'scope' | 'ticket'>;

export interface UseMessage extends WorkerUse {
  /** What this test has. */
  readonly uses: readonly HeldUse[];
  /** Set if this test has it already: it never goes on with another one. */
  readonly slot?: number | undefined;
}

export type UseAnswer =
  | { readonly skip: string }
  /** To be asked again at once. */
  | { readonly waiting: string }
  | { readonly held: HeldUse };

export interface AskedCredentials {
  readonly session: string;
  readonly uses?: readonly HeldUse[] | undefined;
}

export interface AcquireMessage {
  readonly session: string;
  /** What this test has. */
  readonly uses?: readonly HeldUse[] | undefined;
  readonly place: SessionPlace;
  /** Parameters of a `runtime` session. */
  readonly parameters?: Readonly<Record<string, string>> | undefined;
  /** The test's ID: it gets a session for itself, shared with the same ID only. */
  readonly isolated?: string | undefined;
  /** The asking test, for reports. */
  readonly asker?: SessionAsker | undefined;
  /** Whether the test failed before. */
  readonly isRetry?: boolean | undefined;
}

/** Identifies a state's sign-in, so that a late report about it affects no other. */
export interface SessionHandle {
  readonly key: string;
  readonly id: string;
}

export interface SuspectMessage extends SessionHandle {
  /** [signed-out] */
  readonly why?: DoubtReason | undefined;
  /** Whether the session's cookie had changed at the end of a test. */
  readonly cookieChanged?: boolean | undefined;
  readonly hold?: string | undefined;
}

export interface WriteBackMessage extends SessionHandle {
  readonly state: StorageState;
  readonly hold?: string | undefined;
  readonly use?: HeldUse | undefined;
}

/** `skip`: no credentials are available, and the project chose to skip. */
export type AcquiredSession = { readonly skip: string } | (SessionHandle & UsableSession);

export interface UsableSession {
  readonly session: string;
  readonly outcome: UseOutcome;
  readonly state: StorageState;
  /**
   * Set with `writeBack: 'test'`: to be returned with the state, or with why there is none. If the worker dies first,
   * the state counts as lost.
   */
  readonly hold?: string | undefined;
  /** For a session with limited uses. */
  readonly use?: HeldUse | undefined;
  readonly account?: PoolAccount | undefined;
  readonly baseURL: string | undefined;
  readonly proxy: DeclaredSession['proxy'];
  readonly contextOptions: DeclaredSession['contextOptions'];
  readonly writeBack: DeclaredSession['writeBack'];
  readonly restore: DeclaredSession['restore'];
  /** The sessions file to load the flow's `signedOut` from, if it has one. */
  readonly signedOutIn: string | undefined;
}

export type CredentialsAnswer =
  | { readonly skip: string }
  | { readonly values: Readonly<Record<string, string>>; readonly hasCode: boolean };

/** Includes the secrets that the worker must redact from now on. */
export type BrokerAnswer<Answer> = ({ readonly ok: Answer } | { readonly error: SerializedError }) & {
  readonly secrets?: LedgerPage | undefined;
};

/** The header with the ledger a worker knows, and how many of its secrets. */
export const ledgerHeader = 'auth-sessions-ledger';
/** The header of an interim answer (103) with what the request waits for: the names of phases. */
export const phaseHeader = 'auth-sessions-phase';
/** The header with a worker's process ID. */
export const workerHeader = 'auth-sessions-worker';
