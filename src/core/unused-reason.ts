import type { SealRejection } from './sealed-session.js';

/** Why a stored session is not used: it cannot be opened, or something that it was made with has changed. */
export type UnusedReason = SealRejection | 'flow-changed' | 'references-changed';

/** The reason in words, after a colon. */
export function describeUnused(reason: UnusedReason): string {
  return words[reason];
}

const words: Readonly<Record<UnusedReason, string>> = {
  'not-sealed': 'not sealed by this package',
  'other-key': 'sealed with another key',
  altered: 'altered since it was sealed',
  'other-entry': 'sealed for another entry',
  'unknown-version': 'sealed by another version of this package',
  malformed: 'malformed',
  'flow-changed': 'its flow has changed since',
  'references-changed': 'its references have changed since',
};
