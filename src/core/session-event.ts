/** How a session came to be usable. `memory` is not among them: a restored or created one is handed out again. */
export type SessionOutcome = 'created' | 'restored' | 'renewed' | 'failed';

/** What happened to a session in a run, without a value in it: for reports and for a restarted broker. */
export interface SessionEvent {
  readonly session: string;
  readonly baseURL: string | undefined;
  readonly outcome: SessionOutcome;
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

/** A run in numbers: `reports/output/auth-sessions.json`. */
export interface RunSummary {
  readonly environment: string;
  readonly store: string;
  /** Such as a vault credential that can do more than it needs. */
  readonly warnings?: readonly string[] | undefined;
  readonly sessions: readonly SessionSummary[];
  readonly totals: {
    readonly signIns: number;
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
