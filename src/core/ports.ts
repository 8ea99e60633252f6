import type { DeclaredSession } from './declared-session.js';
import type { StorageState } from './storage-state.js';
import type { SecretReference } from './secret-reference.js';
import type { SecretValue } from './secret-value.js';
import type { AuthSessionsError } from './errors.js';
import type { Refusal } from './refusal.js';

/** Time as an argument. `sleep` ends early, with the signal's reason, when the signal is aborted. */
export interface Clock {
  nowMs(): number;
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/**
 * What answers secret references: 1Password, or the local test credentials.
 * Keyed by `SecretReference.text`; a reference that cannot be answered has its error, so that one bad
 * reference does not take the others with it. A rejected promise means the vault could not be asked at all.
 */
export interface Vault {
  readonly kind: 'one-password' | 'local';
  /** Values of plain references, in as few requests as the vault allows. Never codes. */
  resolveAll(
    references: readonly SecretReference[],
    signal?: AbortSignal,
  ): Promise<ReadonlyMap<string, SecretValue | AuthSessionsError>>;
  /** The code of a TOTP reference at this moment. Its period is known to the local vault only. */
  readCode(reference: SecretReference, signal?: AbortSignal): Promise<VaultCode>;
  /** How many requests have left for the vault's server so far; 0 for the local vault. */
  requestCount(): number;
  /** What its credential reaches beyond what these references need. Not there where nobody could mend it. */
  inspectReach?(references: readonly SecretReference[], signal?: AbortSignal): Promise<VaultReach>;
  /** A new run in the same process has begun: what was refused may be asked again. */
  forgetFailures?(): void;
}

/** More than least privilege: for a warning, or an error. */
export interface VaultReach {
  /** Vaults that it can read and no reference names. */
  readonly unused: readonly string[];
  /** Permissions beyond `read_items`, in vaults that references name. */
  readonly excess: readonly { readonly vault: string; readonly permissions: readonly string[] }[];
}

export interface VaultCode {
  readonly code: SecretValue;
  readonly periodSeconds?: number | undefined;
}

/**
 * Where sealed sessions and leases are kept. It sees sealed text only, and knows nothing of what is in it.
 * `undefined` means absent; a throw means that the store could not be used.
 */
export interface SessionStore {
  /** For people: `files in .auth-sessions`, `memory`. */
  readonly description: string;
  get(key: string): Promise<string | undefined>;
  /**
   * `under` a lease that has passed to somebody else meanwhile it is refused: a holder that stood still for longer
   * than its lease must not replace what came after it.
   */
  put(key: string, sealed: string, under?: HeldLease): Promise<void>;
  remove(key: string): Promise<void>;
  /** Of all that is kept, whoever has put it: to tidy up by. */
  keys(): Promise<readonly string[]>;
  /**
   * Claims `name` for `ttlMs`, or gives `undefined` while somebody else holds it. A claim ends when it is
   * released, when its time is over, or when its holder is known to be dead.
   */
  tryLease(name: string, ttlMs: number, options?: LeaseOptions): Promise<Lease | undefined>;
}

export interface LeaseOptions {
  /**
   * The lease lasts for its whole time even when its holder dies: for what is used up by claiming it, such as
   * the time step of a one-time code. [false]
   */
  readonly outlivesHolder?: boolean;
}

export interface Lease {
  /** Claims `ttlMs` more from now; `false` when the lease has passed to somebody else meanwhile. */
  extend(ttlMs: number): Promise<boolean>;
  release(): Promise<void>;
}

/** A lease, and the time that it is claimed for again before something is written under it. */
export interface HeldLease {
  readonly lease: Pick<Lease, 'extend'>;
  readonly ttlMs: number;
}

/**
 * Where refusals are kept, beside the leases: for all sessions, runs and processes that share a store. An account is
 * named by a keyed digest, in the letters that a key of the store may have.
 */
export interface RefusalStore {
  /** `undefined` when there is none, or when its time is over. One that cannot be read holds all the same. */
  get(account: string): Promise<Refusal | undefined>;
  /** In the place of the one before. */
  put(account: string, refusal: Refusal): Promise<void>;
  remove(account: string): Promise<void>;
}

/** Where a session is used: it decides the base URL, and which browser signs in. */
export interface SessionPlace {
  readonly baseURL: string | undefined;
  /** The Playwright project that asks. */
  readonly project: string | undefined;
}

/** What a flow signs in with. `nextCode` waits for a code that is fresh and was never handed out. */
export interface SignInCredentials {
  readonly values: Readonly<Record<string, string>>;
  readonly nextCode: (signal: AbortSignal) => Promise<string>;
  /**
   * Where values were read before this sign-in was thought of: reads them again, and gives what to sign in with
   * if they are others by now. `undefined` when they are the same, or cannot be read.
   */
  readonly reread?: (() => Promise<SignInCredentials | undefined>) | undefined;
}

/** Runs auth flows: in a browser, outside of every report. */
export interface FlowRunner {
  create(job: FlowJob & SignInCredentials): Promise<StorageState>;
  /** `state` is what the check left: applications may replace a cookie on every request. */
  check(job: FlowJob & { readonly from: StorageState }): Promise<{ signedIn: boolean; state: StorageState }>;
}

export interface FlowJob {
  readonly session: DeclaredSession;
  readonly place: SessionPlace;
  readonly from?: StorageState | undefined;
  readonly signal: AbortSignal;
}
