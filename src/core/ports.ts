import type { SecretReference } from './secret-reference.js';
import type { SecretValue } from './secret-value.js';
import type { AuthSessionsError } from './errors.js';

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
  put(key: string, sealed: string): Promise<void>;
  remove(key: string): Promise<void>;
  /**
   * Claims `name` for `ttlMs`, or gives `undefined` while somebody else holds it. A claim ends when it is
   * released, when its time is over, or when its holder is known to be dead.
   */
  tryLease(name: string, ttlMs: number): Promise<Lease | undefined>;
}

export interface Lease {
  /** Claims `ttlMs` more from now; `false` when the lease has passed to somebody else meanwhile. */
  extend(ttlMs: number): Promise<boolean>;
  release(): Promise<void>;
}
