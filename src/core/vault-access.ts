import type { AuthSessionsErrorCode } from './errors.js';

/** What a value or a code is wanted for: a first sign-in, a later one, or a test of the sign-in itself. */
export type AccessReason = 'create' | 'renew' | 'test';

/**
 * One resolved reference, without its value: a line of `reports/output/vault-access.jsonl`, in the order of their
 * ends. The lines `from: "vault"` of a run are what 1Password's usage report for the service account has of it.
 */
export interface VaultAccess {
  /** The moment of its end, ISO 8601 in UTC. */
  readonly when: string;
  readonly vault: 'one-password' | 'local';
  /** As the vault was asked for it, or would have been. */
  readonly reference: string;
  /** Who needed it. Of values that are read for several sessions in one go: each with its own. */
  readonly session: string;
  readonly why: AccessReason;
  /** `memory`: it was read earlier in this run; a code, when it was seen to be there before the sign-in began. */
  readonly from: 'vault' | 'memory';
  /** `resolved`, or the code of its failure. */
  readonly outcome: 'resolved' | AuthSessionsErrorCode;
  /** From the ask to its end: for a code with the wait for a time step that nobody has had. */
  readonly durationMs: number;
}
