import type { AccessReason } from './vault-access.js';

/** How a session came to be usable. `memory` is not among them: a restored or created one is handed out again. */
export type SessionOutcome = 'created' | 'restored' | 'renewed' | 'failed';

/** How a test came by its session: as it was brought up while the test waited, or from this run's memory. */
export type UseOutcome = SessionOutcome | 'memory';

/** What happened to a session in a run, without a value in it: for reports and for a restarted broker. */
export interface SessionEvent {
  readonly session: string;
  readonly baseURL: string | undefined;
  readonly outcome: SessionOutcome;
  /** Since 1970, as in all of this file. */
  readonly startedAtMs: number;
  readonly durationMs: number;
  /** How many asked while it was brought up, the one who began it included. */
  readonly waiters: number;
  readonly signIns: number;
  readonly checks: number;
  /** Of a failure. */
  readonly errorCode?: string | undefined;
  /** Such as a stored entry that could not be used, and why; or a store that could not be written. */
  readonly notes: readonly string[];
}

/** Who asks for a session: told by the worker, for reports alone. */
export interface SessionAsker {
  /** File, groups and title, as a list reporter writes them. */
  readonly test: string;
  readonly project: string;
  /** Playwright's `workerIndex`. */
  readonly worker: number;
}

/** One test that asked for one session. A test that asks twice, or is retried, has an entry each time. */
export interface SessionUse extends SessionAsker {
  readonly session: string;
  readonly baseURL: string | undefined;
  readonly askedAtMs: number;
  /** Until it had the session, or the failure. */
  readonly waitedMs: number;
  readonly outcome: UseOutcome;
  /** Of a failure. */
  readonly errorCode?: string | undefined;
}

/** One reference that the vault was asked for. References asked for in one request begin at the same moment. */
export interface VaultRead {
  readonly reference: string;
  readonly session: string;
  readonly why: AccessReason;
  /** A one-time code; `durationMs` then has the wait for a time step that nobody has had. */
  readonly isCode: boolean;
  readonly startedAtMs: number;
  readonly durationMs: number;
  /** Of a failure. */
  readonly errorCode?: string | undefined;
}

/** A run in numbers: `reports/output/auth-sessions.json`. Nothing in it is a value. */
export interface RunSummary {
  readonly environment: string;
  readonly store: string;
  readonly startedAtMs: number;
  readonly endedAtMs: number;
  /** Such as a vault credential that can do more than it needs. */
  readonly warnings?: readonly string[] | undefined;
  /** One for each session and base URL that was asked for. */
  readonly sessions: readonly SessionSummary[];
  /** What happened to them, in the order of their ends. */
  readonly events: readonly SessionEvent[];
  /** Which test used which, in the order in which they got it. */
  readonly uses: readonly SessionUse[];
  /** What left for the vault, in the order of their ends; not what was answered from memory. */
  readonly vaultReads: readonly VaultRead[];
  readonly totals: {
    readonly signIns: number;
    /** Requests that left for 1Password's server; 0 for the local vault. */
    readonly vaultRequests: number;
    readonly codes: number;
    /** How often a session was handed out. */
    readonly handedOut: number;
  };
}

export interface SessionSummary {
  readonly session: string;
  readonly baseURL: string | undefined;
  /** The worst that happened: failed, then created, then renewed, then restored. */
  readonly outcome: SessionOutcome;
  readonly created: number;
  readonly restored: number;
  readonly renewed: number;
  readonly failed: number;
  readonly durationMs: number;
  readonly waiters: number;
  readonly handedOut: number;
  readonly signIns: number;
  readonly store: string;
  readonly errorCode?: string | undefined;
  readonly notes: readonly string[];
}
