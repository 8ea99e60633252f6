import type { BrowserPlan } from '../browser/browser-plan.js';
import type { LeakOptions } from '../core/auth-session.js';
import type { DeclaredSession, PoolAccount } from '../core/declared-session.js';
import type { DoubtReason } from '../core/doubt-reason.js';
import type { EnvironmentDecision } from '../core/environment.js';
import {
  AuthSessionsError,
  type AuthSessionsErrorCode,
  type Evidence,
  type Explanation,
} from '../core/errors.js';
import type { SessionPlace } from '../core/ports.js';
import type { DeclaredSecret } from '../core/read-declared-secrets.js';
import type { RunSummary, SessionAsker, SessionEvent, UseOutcome } from '../core/session-event.js';
import type { StorageState } from '../core/storage-state.js';
import { unexpectedError } from '../core/unexpected-error.js';
import type { HeldAsk } from '../session/use-ask.js';
import type { ConfinedSecrets } from '../credentials/confined-secrets.js';
import type { KnownSecret, LedgerPage } from './secret-ledger.js';

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
  '/suspect': { request: SuspectMessage; answer: Record<string, never> };
  /** `isKept`: false for a state that is not used, because it may be signed out or its sign-in was replaced. */
  '/write-back': { request: WriteBackMessage; answer: { isKept: boolean } };
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
/** The header with a worker's process ID. */
export const workerHeader = 'auth-sessions-worker';

export interface SerializedError {
  readonly code: AuthSessionsErrorCode;
  readonly explanation: Explanation;
  readonly session: string | undefined;
  readonly reference: string | undefined;
  readonly evidence: Evidence | undefined;
}

/** Messages from the runner to its broker over their own channel, which is the only way for the vault's credential. */
export type RunnerMessage =
  | StartMessage
  /** A new run in the same process, as in UI mode: failures may be tried again. Workers cannot send this. */
  | { readonly type: 'forget-failures' }
  /** The runner knows the secrets up to this one, so workers may get them now. */
  | { readonly type: 'secret-known'; readonly number: number }
  /** A variable declared as secret was set after the broker started. */
  | { readonly type: 'declared'; readonly declared: readonly DeclaredSecret[] }
  | { readonly type: 'stop' };

export interface StartMessage {
  readonly type: 'start';
  readonly sessionsFile: string;
  /** Folder of the Playwright config. Local files and the store are relative to it. */
  readonly suiteFolder: string;
  readonly runFolder: string;
  readonly address: string;
  /** What a worker shows to the broker. */
  readonly pass: string;
  readonly vaultCredential: ConfinedSecrets['vaultCredential'];
  readonly workload: ConfinedSecrets['workload'];
  readonly storeKey: string | undefined;
  readonly storeUrl: string | undefined;
  /** Declared secrets. Workers read them themselves, so the broker does not pass them on. */
  readonly declared: readonly DeclaredSecret[];
  /** Playwright's output folders, cleaned up after a killed run. */
  readonly artifactFolders: readonly string[];
  /** File for `VaultAccess` lines. */
  readonly accessFile: string | undefined;
  readonly onCi: boolean;
  readonly debugging: boolean;
  readonly plans: Readonly<Record<string, BrowserPlan>>;
  /** Failed sign-ins from before a restart of the broker. They are not tried again in this run. */
  readonly failures: readonly { readonly key: string; readonly error: SerializedError }[];
  /** What workers had when the broker before this one ended. It is renewed at once, before a worker asks. */
  readonly held: readonly HeldAsk[];
}

export type BrokerMessage =
  | { readonly type: 'ready'; readonly greeting: BrokerGreeting }
  | { readonly type: 'failed'; readonly error: SerializedError }
  | { readonly type: 'event'; readonly event: SessionEvent }
  | { readonly type: 'failure'; readonly key: string; readonly error: SerializedError }
  /** A worker has got an account or a session, or no longer has it. */
  | { readonly type: 'held'; readonly ask: HeldAsk }
  | { readonly type: 'not-held'; readonly ticket: string }
  /** The runner needs it to redact its own output, and to search the run's files. */
  | { readonly type: 'secret'; readonly number: number; readonly secret: KnownSecret }
  | { readonly type: 'stopped'; readonly summary: RunSummary };

export interface BrokerGreeting {
  readonly decision: EnvironmentDecision;
  readonly sessions: number;
  readonly references: number;
  readonly store: string;
  readonly localFiles: readonly string[];
  readonly pools: readonly { readonly name: string; readonly accounts: number }[];
  /** Pools and sessions with limited uses whose users on other machines the store does not know. */
  readonly ofThisMachine: readonly string[];
  readonly leaks: LeakOptions;
  /** Whether the vault is accessed with the identity of a GitHub Actions job, which tests then must not have. */
  readonly usesJobIdentity: boolean;
}

export function serializeError(error: unknown): SerializedError {
  const known = error instanceof AuthSessionsError ? error : unexpectedError(error);
  const { code, explanation, session, reference, evidence } = known;
  return { code, explanation, session, reference, evidence };
}

export function deserializeError({ code, explanation, ...subject }: SerializedError): AuthSessionsError {
  return new AuthSessionsError(code, explanation, subject);
}
