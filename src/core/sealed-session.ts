import type { StorageState } from './storage-state.js';

/** What is sealed: a storage state, when it came to be, and when it was last known to be signed in. */
export interface SessionRecord {
  readonly session: string;
  readonly createdAtMs: number;
  readonly checkedAtMs: number;
  readonly state: StorageState;
}

/** Why a stored entry is not used. It then counts as a miss: fail closed, never a guess. */
export type SealRejection =
  'not-sealed' | 'other-key' | 'altered' | 'other-entry' | 'unknown-version' | 'malformed';

export type OpenResult =
  | { readonly ok: true; readonly record: SessionRecord }
  | { readonly ok: false; readonly reason: SealRejection };
