import type { AuthSessionsErrorCode } from './error-codes.js';

/** Every kind of vault, as reports name it. */
export const vaultKinds = ['one-password', 'local', 'defined'] as const;

export type VaultKind = (typeof vaultKinds)[number];

/** Why a value or code is needed: a first sign-in, a later one, or a test of the sign-in itself. */
export const accessReasons = ['create', 'renew', 'test'] as const;

export type AccessReason = (typeof accessReasons)[number];

/**
 * One resolved reference, without its value: a line of `reports/output/vault-access.jsonl`, in the order in which they
 * ended. Lines with `from: "vault"` correspond to 1Password's usage report for the service account.
 */
export interface VaultAccess {
  /** When it ended, in ISO 8601 and UTC. */
  readonly when: string;
  readonly vault: VaultKind;
  /** The vault connection that the session names. [the suite's own vault] */
  readonly connection?: string | undefined;
  /** The reference as sent, or as it would be sent, to the vault. */
  readonly reference: string;
  /** The session that needed it. Values read for several sessions in one request each name their own. */
  readonly session: string;
  readonly why: AccessReason;
  /** `memory`: read earlier in this run. For a code: found to exist before the sign-in began. */
  readonly from: 'vault' | 'memory';
  /** `resolved`, or the code of the error. */
  readonly outcome: 'resolved' | AuthSessionsErrorCode;
  /** From request to end. For a code, this includes the wait for an unused time step. */
  readonly durationMs: number;
}
