import {
  AuthSessionsError,
  type AuthSessionsErrorCode,
  type Evidence,
  type Explanation,
} from '../core/errors.js';
import type { LeakOptions } from '../core/auth-session.js';
import type { DeclaredSecret } from '../core/read-declared-secrets.js';
import type { DeclaredSession } from '../core/declared-session.js';
import type { EnvironmentDecision } from '../core/environment.js';
import type { SessionPlace } from '../core/ports.js';
import type { RunSummary, SessionAsker, SessionEvent, UseOutcome } from '../core/session-event.js';
import type { StorageState } from '../core/storage-state.js';
import type { BrowserPlan } from '../browser/browser-plan.js';
import type { DoubtReason } from '../core/doubt-reason.js';
import type { KnownSecret, LedgerPage } from './secret-ledger.js';
import type { RunSecrets } from '../credentials/run-secrets.js';

/** What a worker can ask for, by the path it posts to. */
export interface BrokerRequests {
  '/base-url': { request: { session: string }; answer: { baseURL: string | undefined } };
  '/acquire': { request: AcquireMessage; answer: AcquiredSession };
  '/credentials': { request: { session: string }; answer: CredentialsAnswer };
  '/code': { request: { session: string }; answer: { code: string } };
  '/invalidate': { request: SessionHandle; answer: Record<string, never> };
  '/suspect': { request: SuspectMessage; answer: Record<string, never> };
  '/write-back': { request: WriteBackMessage; answer: Record<string, never> };
}

export interface AcquireMessage {
  readonly session: string;
  readonly place: SessionPlace;
  /** Of a `runtime` session. */
  readonly parameters?: Readonly<Record<string, string>> | undefined;
  /** For reports. */
  readonly asker?: SessionAsker | undefined;
}

/** One handed-out state: which sign-in it is from, so that a late report about it hits no other. */
export interface SessionHandle {
  readonly key: string;
  readonly id: string;
}

export interface SuspectMessage extends SessionHandle {
  /** [signed-out] */
  readonly why?: DoubtReason | undefined;
  /** The session's cookie was another one at the end of a test. */
  readonly cookieChanged?: boolean | undefined;
  readonly hold?: string | undefined;
}

export interface WriteBackMessage extends SessionHandle {
  readonly state: StorageState;
  readonly hold?: string | undefined;
}

/** `skip`: there are no credentials here, and the project said to skip. */
export type AcquiredSession = { readonly skip: string } | (SessionHandle & UsableSession);

export interface UsableSession {
  readonly session: string;
  readonly outcome: UseOutcome;
  readonly state: StorageState;
  /**
   * With `writeBack: 'test'`: to be given back with the state, or with why there is none. Where its worker dies
   * first, the state counts as lost.
   */
  readonly hold?: string | undefined;
  readonly baseURL: string | undefined;
  readonly proxy: DeclaredSession['proxy'];
  readonly contextOptions: DeclaredSession['contextOptions'];
  readonly writeBack: DeclaredSession['writeBack'];
  /** The sessions file to load the flow's `signedOut` from, when it has one. */
  readonly signedOutIn: string | undefined;
}

export type CredentialsAnswer =
  | { readonly skip: string }
  | { readonly values: Readonly<Record<string, string>>; readonly hasCode: boolean };

/** With what the worker has to redact from now on. */
export type BrokerAnswer<Answer> = ({ readonly ok: Answer } | { readonly error: SerializedError }) & {
  readonly secrets?: LedgerPage | undefined;
};

/** The header in which a worker says what it knows already: the ledger and how many of it. */
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

/** What the runner tells its broker, over their own channel: the only way of the vault's credential. */
export type RunnerMessage =
  | StartMessage
  /** In the same process, as in UI mode: what failed may be tried again. No worker can say so. */
  | { readonly type: 'forget-failures' }
  /** The runner knows the secrets up to this one: from now on a worker may have them. */
  | { readonly type: 'secret-known'; readonly number: number }
  /** A variable that the project declares as secret was set after the broker started. */
  | { readonly type: 'declared'; readonly declared: readonly DeclaredSecret[] }
  | { readonly type: 'stop' };

export interface StartMessage {
  readonly type: 'start';
  readonly sessionsFile: string;
  /** Where the Playwright config is: local files and the store are relative to it. */
  readonly projectFolder: string;
  readonly runFolder: string;
  readonly address: string;
  readonly secret: string;
  readonly vaultCredential: RunSecrets['vaultCredential'];
  readonly workload: RunSecrets['workload'];
  readonly storeKey: string | undefined;
  readonly storeUrl: string | undefined;
  /** Secrets of no session. Workers know them by themselves: the broker passes none of them on. */
  readonly declared: readonly DeclaredSecret[];
  /** Playwright's output folders: what a killed run leaves there is made clean. */
  readonly artifactFolders: readonly string[];
  /** Where `VaultAccess` lines go. */
  readonly accessFile: string | undefined;
  readonly onCi: boolean;
  readonly debugging: boolean;
  readonly plans: Readonly<Record<string, BrowserPlan>>;
  /** Sign-ins that failed before the broker was restarted; they are not tried again in this run. */
  readonly failures: readonly { readonly key: string; readonly error: SerializedError }[];
}

export type BrokerMessage =
  | { readonly type: 'ready'; readonly greeting: BrokerGreeting }
  | { readonly type: 'failed'; readonly error: SerializedError }
  | { readonly type: 'event'; readonly event: SessionEvent }
  | { readonly type: 'failure'; readonly key: string; readonly error: SerializedError }
  /** The runner redacts what it makes itself, and searches what the run has left. */
  | { readonly type: 'secret'; readonly number: number; readonly secret: KnownSecret }
  | { readonly type: 'stopped'; readonly summary: RunSummary };

export interface BrokerGreeting {
  readonly decision: EnvironmentDecision;
  readonly sessions: number;
  readonly references: number;
  readonly store: string;
  readonly localFiles: readonly string[];
  readonly leaks: LeakOptions;
  /** That the vault is asked as a job of GitHub Actions, whose identity no test may have then. */
  readonly usesJobIdentity: boolean;
}

export function serializeError(error: unknown): SerializedError {
  const known = error instanceof AuthSessionsError ? error : unexpected(error);
  const { code, explanation, session, reference, evidence } = known;
  return { code, explanation, session, reference, evidence };
}

export function deserializeError({ code, explanation, ...subject }: SerializedError): AuthSessionsError {
  return new AuthSessionsError(code, explanation, subject);
}

/** Told by its kind only: an error of unknown making may hold anything in its text. */
function unexpected(error: unknown): AuthSessionsError {
  const kind = error instanceof Error ? error.name : typeof error;
  const line =
    error instanceof Error
      ? error.stack
          ?.replace(error.message, '')
          .split('\n')
          .find((one) => /^\s+at /.test(one))
          ?.trim()
      : undefined;
  return new AuthSessionsError('ERR_BROKER_LOST', {
    failed: 'Something went wrong in the broker that nobody foresaw.',
    known: `A ${kind} was thrown${line ? ` ${line}` : ''}.`,
    next: 'Run again; if it stays so, report it with this message.',
  });
}
