import type { DeclaredSession } from './declared-session.js';
import type { AuthSessionsError } from './errors.js';
import type { Refusal } from './refusal.js';
import type { SecretReference } from './secret-reference.js';
import type { SecretValue } from './secret-value.js';
import type { SharedEvent } from './session-event.js';
import type { StorageState } from './storage-state.js';
import type { VaultKind } from './vault-access.js';

/** Time as an argument. `sleep` rejects with the signal's reason when the signal is aborted. */
export interface Clock {
  nowMs(): number;
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/**
 * Resolves secret references: 1Password, or local test credentials. Results are keyed by `SecretReference.text`. A
 * reference that cannot be resolved has its own error, so it does not affect the others. A rejected promise means that
 * the vault is not available.
 */
export interface Vault {
  readonly kind: VaultKind;
  /** Resolves plain references in as few requests as possible. Never returns codes. */
  resolveAll(
    references: readonly SecretReference[],
    signal?: AbortSignal,
  ): Promise<ReadonlyMap<string, SecretValue | AuthSessionsError>>;
  /** The current code of a TOTP reference. Only the local vault knows its period. */
  readCode(reference: SecretReference, signal?: AbortSignal): Promise<VaultCode>;
  /** Whether a login has a code at all: not every account has one. [it has] */
  hasCode?(login: SecretReference, signal?: AbortSignal): Promise<boolean>;
  /** Where the value of a reference is, for a person who has to look at it. [the reference] */
  locate?(reference: SecretReference): string;
  /** The number of requests sent to the vault's server; 0 for the local vault. */
  requestCount(): number;
  /** How many more `maxVaultRequests` allows in this run. Missing if nothing limits them. */
  requestsLeft?(): number;
  /** What the credential can access beyond these references. Missing if the user could not change it. */
  inspectReach?(references: readonly SecretReference[], signal?: AbortSignal): Promise<VaultReach>;
  /** A new run has begun in the same process: failed requests may be sent again. */
  forgetFailures?(): void;
}

/** Access beyond least privilege, for a warning or an error. */
export interface VaultReach {
  /** Readable vaults that no reference uses. */
  readonly unused: readonly string[];
  /** Permissions beyond `read_items`, in vaults that references use. */
  readonly excess: readonly { readonly vault: string; readonly permissions: readonly string[] }[];
}

export interface VaultCode {
  readonly code: SecretValue;
  readonly periodSeconds?: number | undefined;
}

/**
 * Stores sealed sessions and leases. It sees only sealed text. `undefined` means absent; an exception means that the
 * store is not usable.
 */
export interface SessionStore {
  /** For messages: `files in .auth-sessions`, `memory`. */
  readonly description: string;
  get(key: string): Promise<string | undefined>;
  /**
   * Rejects if the lease in `under` now belongs to another holder: a process suspended for longer than its lease must
   * not replace a newer entry.
   */
  put(key: string, sealed: string, under?: HeldLease): Promise<void>;
  remove(key: string): Promise<void>;
  /** Keys of everything stored, by anyone, for cleaning up. */
  keys(): Promise<readonly string[]>;
  /**
   * Claims `name` for `ttlMs`, or returns `undefined` while another holder has it. A claim ends when it is released,
   * when it expires, or when its holder is known to be dead.
   */
  tryLease(name: string, ttlMs: number, options?: LeaseOptions): Promise<Lease | undefined>;
}

export interface LeaseOptions {
  /**
   * Whether the lease lasts its whole time even if its holder dies: for something that a claim uses up, such as the
   * time step of a one-time code. [false]
   */
  readonly outlivesHolder?: boolean;
}

export interface Lease {
  /** Claims `ttlMs` more from now; `false` if the lease now belongs to another holder. */
  extend(ttlMs: number): Promise<boolean>;
  release(): Promise<void>;
}

/** A lease, and the time to extend it by before a write. */
export interface HeldLease {
  readonly lease: Pick<Lease, 'extend'>;
  readonly ttlMs: number;
}

/**
 * Stores rejections next to the leases, for all sessions, runs and processes that share a store. An account's name is a
 * keyed digest in the characters of a store key.
 */
export interface RefusalStore {
  /** `undefined` if there is none or it has expired. An unreadable one still counts. */
  get(account: string): Promise<Refusal | undefined>;
  /** Replaces the previous one. */
  put(account: string, refusal: Refusal): Promise<void>;
  remove(account: string): Promise<void>;
}

/** What happened to sessions lately, on all machines that share a store. For people: nothing depends on it. */
export interface EventStore {
  add(event: SharedEvent): Promise<void>;
  /** The events of the last `forMs`, oldest first. `atMs` is when the store got one, by its own clock. */
  read(forMs: number): Promise<readonly (SharedEvent & { readonly atMs: number })[]>;
}

/** Where a session is used. Decides the base URL and the browser that signs in. */
export interface SessionPlace {
  readonly baseURL: string | undefined;
  /** The Playwright project that uses it. */
  readonly project: string | undefined;
}

/** What a flow signs in with. `nextCode` waits for a fresh, unused code. */
export interface SignInCredentials {
  readonly values: Readonly<Record<string, string>>;
  /**
   * Values that may be typed or sent only where their websites and the session's permit, by parameter. Codes are added
   * when they are handed out. [none]
   */
  readonly bound?: ReadonlyMap<string, SecretValue> | undefined;
  /** Where each value came from, by parameter: a reference, or a key of a file. Never the value. */
  readonly sources?: ReadonlyMap<string, string> | undefined;
  /** Values of the session's mailbox, by name. */
  readonly mailbox?: Readonly<Record<string, string>> | undefined;
  readonly nextCode: (signal: AbortSignal, onWait?: Waiting) => Promise<string>;
  /**
   * Reads values again that were read before this sign-in, and returns new credentials if they changed. `undefined` if
   * they are the same or cannot be read.
   */
  readonly reread?: (() => Promise<SignInCredentials | undefined>) | undefined;
}

/** Wraps a wait, so that it can be shown while it lasts. */
export type Waiting = (wait: () => Promise<void>) => Promise<void>;

/** Asks a person for a code, and rejects when the signal is aborted. */
export type AskPerson = (asked: {
  readonly session: string;
  readonly question: string;
  readonly signal: AbortSignal;
}) => Promise<string>;

/** Runs auth flows in a browser outside every report. */
export interface FlowRunner {
  create(job: FlowJob & SignInCredentials): Promise<StorageState>;
  /** `state` is the state after the check: applications may replace a cookie on every request. */
  check(job: FlowJob & { readonly from: StorageState }): Promise<CheckedState>;
  /**
   * Signs out on the server. `false` if the flow cannot.
   *
   * @throws AuthSessionsError `ERR_SIGN_OUT_FAILED`: it threw, or the state is still signed in
   */
  destroy(job: FlowJob & { readonly from: StorageState }): Promise<boolean>;
}

export interface CheckedState {
  readonly signedIn: boolean;
  readonly state: StorageState;
  /** Where the check said no: its last call and that call's line. */
  readonly seen?: string | undefined;
}

export interface FlowJob {
  readonly session: DeclaredSession;
  readonly place: SessionPlace;
  /** For `create`: whether it replaces an earlier sign-in. [create] */
  readonly why?: 'create' | 'renew' | undefined;
  readonly from?: StorageState | undefined;
  readonly signal: AbortSignal;
  /** Called with what the run's end says of the session. */
  readonly note?: ((text: string) => void) | undefined;
  /** Called if the application asked the browser for a device-bound session. */
  readonly onBindingAsked?: (() => void) | undefined;
  /**
   * Called before each step of the flow: throws when the job must not go on, also if the signal is late because the
   * process was suspended.
   */
  readonly mayGoOn?: (() => void) | undefined;
}
