import type { Explanation } from './errors.js';
import type { AccessReason } from './vault-access.js';

/** How a session was acquired. Reuse from memory is not an outcome of its event. */
export type SessionOutcome = (typeof sessionOutcomes)[number];

export const sessionOutcomes = ['created', 'restored', 'renewed', 'failed'] as const;

/** How a test got its session: acquired while the test waited, or from this run's memory. */
export type UseOutcome = SessionOutcome | 'memory';

/** What happened to a session in a run, for reports and for a restarted broker. Contains no values. */
export interface SessionEvent {
  readonly session: string;
  readonly baseURL: string | undefined;
  readonly outcome: SessionOutcome;
  /** Milliseconds since 1970, as everywhere in this file. */
  readonly startedAtMs: number;
  readonly durationMs: number;
  /** How many requests waited for it, including the first. */
  readonly waiters: number;
  readonly signIns: number;
  readonly checks: number;
  /** Set on failure. */
  readonly errorCode?: string | undefined;
  /** The parts of its error, redacted. They quote the application. */
  readonly failure?: Explanation | undefined;
  /** For example, why a stored entry was not used, or that the store is not writable. */
  readonly notes: readonly string[];
  /** In a merged summary: the label of its `ShardSummary`. */
  readonly shard?: string | undefined;
}

/** An event as other machines see it. Contains no notes: they quote the application. */
export interface SharedEvent extends Pick<
  SessionEvent,
  'session' | 'baseURL' | 'outcome' | 'durationMs' | 'signIns' | 'errorCode'
> {
  readonly machine: string;
}

/** The test that uses a session, as reported by its worker. Used only in reports. */
export interface SessionAsker {
  /** File, groups and title, in the format of the list reporter. */
  readonly test: string;
  readonly project: string;
  /** Playwright's `workerIndex`. */
  readonly worker: number;
}

/** One use of a session by a test. Another use, or a retry, has its own entry. */
export interface SessionUse extends SessionAsker {
  readonly session: string;
  readonly baseURL: string | undefined;
  readonly askedAtMs: number;
  /** Time until the test got the session or the failure. */
  readonly waitedMs: number;
  readonly outcome: UseOutcome;
  /** Set on failure. */
  readonly errorCode?: string | undefined;
  /** In a merged summary: the label of its `ShardSummary`. */
  readonly shard?: string | undefined;
}

/** One reference requested from the vault. References in one request start at the same time. */
export interface VaultRead {
  readonly reference: string;
  readonly session: string;
  readonly why: AccessReason;
  /** Whether it is a one-time code. `durationMs` then includes the wait for an unused time step. */
  readonly isCode: boolean;
  readonly startedAtMs: number;
  readonly durationMs: number;
  /** Set on failure. */
  readonly errorCode?: string | undefined;
  /** In a merged summary: the label of its `ShardSummary`. */
  readonly shard?: string | undefined;
}

/** A run in numbers: `reports/output/auth-sessions.json`. Contains no values. */
export interface RunSummary {
  readonly environment: string;
  readonly store: string;
  readonly startedAtMs: number;
  readonly endedAtMs: number;
  /** For example, that the vault credential has more access than it needs. */
  readonly warnings?: readonly string[] | undefined;
  /** One entry per used session and base URL. */
  readonly sessions: readonly SessionSummary[];
  /** Events in the order in which they ended. */
  readonly events: readonly SessionEvent[];
  /** Uses in the order in which tests got their sessions. */
  readonly uses: readonly SessionUse[];
  /** Requests to the vault in the order in which they ended; not those answered from memory. */
  readonly vaultReads: readonly VaultRead[];
  /** By vault connection. Missing without such a vault. A merged summary has the sums; `shards` has each shard's own. */
  readonly vaultBudgets?: readonly VaultBudget[] | undefined;
  readonly totals: {
    readonly signIns: number;
    /** Requests sent to 1Password's server; 0 for the local vault. */
    readonly vaultRequests: number;
    readonly codes: number;
    /** How often a test got a session. */
    readonly handedOut: number;
  };
  /** In a summary merged from blob reports: one entry per report or missing shard. */
  readonly shards?: readonly ShardSummary[] | undefined;
}

/** The requests of a run to a vault, and how many more its `maxVaultRequests` allows. */
export interface VaultBudget {
  /** [the suite's own vault] */
  readonly connection?: string | undefined;
  readonly sent: number;
  readonly left: number;
}

/** One shard of a merged summary. */
export interface ShardSummary {
  /** `2/3`, or the name of an unsharded report. A shard that ran again has a number: `2/3 (run 2)`. */
  readonly label: string;
  /** Why the summary lacks this shard. The other fields are then missing. */
  readonly missing?: string | undefined;
  readonly environment?: string | undefined;
  readonly store?: string | undefined;
  readonly startedAtMs?: number | undefined;
  readonly endedAtMs?: number | undefined;
  readonly totals?: RunSummary['totals'] | undefined;
  /** Its own: `maxVaultRequests` is a limit of each shard. */
  readonly vaultBudgets?: readonly VaultBudget[] | undefined;
}

export interface SessionSummary {
  readonly session: string;
  readonly baseURL: string | undefined;
  /** The worst outcome: failed, then created, then renewed, then restored. */
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
