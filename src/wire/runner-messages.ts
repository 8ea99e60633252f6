import type { BrowserPlan } from '../browser/browser-plan.js';
import type { LeakOptions } from '../core/suite-options.js';
import type { EnvironmentDecision } from '../core/environment.js';
import type { DeclaredSecret } from '../core/read-declared-secrets.js';
import type { TokenExpiry } from '../core/token-expiry.js';
import type { RunSummary, SessionEvent } from '../core/session-event.js';
import type { ConfinedSecrets } from '../credentials/confined-secrets.js';
import type { FileStamps } from '../files/file-stamps.js';
import type { HeldAsk } from '../session/use-ask.js';
import type { SpanChange } from '../spans/span-change.js';
import type { KnownSecret } from './secret-ledger.js';
import type { SerializedError } from './serialized-error.js';

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
  readonly ofConnections: ConfinedSecrets['ofConnections'];
  /** Declared secrets. Workers read them themselves, so the broker does not pass them on. */
  readonly declared: readonly DeclaredSecret[];
  /** Playwright's output folders, cleaned up after a killed run. */
  readonly artifactFolders: readonly string[];
  /** File for `VaultAccess` lines. */
  readonly accessFile: string | undefined;
  readonly onCi: boolean;
  readonly plans: Readonly<Record<string, BrowserPlan>>;
  /** Failed sign-ins from before a restart of the broker. They are not tried again in this run. */
  readonly failures: readonly { readonly key: string; readonly error: SerializedError }[];
  /** What the brokers before this one report of earlier runs in the same process. */
  readonly earlier?: RunSummary | undefined;
  /** Whether the runner has an OpenTelemetry provider for the broker's spans. */
  readonly notesSpans: boolean;
  /** What workers had when the broker before this one ended. It is renewed at once, before a worker asks. */
  readonly held: readonly HeldAsk[];
}

export type BrokerMessage =
  | { readonly type: 'ready'; readonly greeting: BrokerGreeting }
  | { readonly type: 'failed'; readonly error: SerializedError }
  | { readonly type: 'event'; readonly event: SessionEvent }
  | { readonly type: 'span'; readonly change: SpanChange }
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
  /** The tokens that expire soon. */
  readonly endingTokens: readonly TokenExpiry[];
  readonly leaks: LeakOptions;
  /** What the broker has read of the project. If it changes, the next run needs a new broker. */
  readonly sources: FileStamps;
  /** Whether the vault is accessed with the identity of a GitHub Actions job, which tests then must not have. */
  readonly usesJobIdentity: boolean;
}
