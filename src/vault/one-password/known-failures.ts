import type { AuthSessionsError } from '../../core/errors.js';
import { referenceIdentity, type SecretReference } from '../../core/secret-reference.js';
import { isOfReferences } from './resolve-in-parts.js';

/** References that are missing or denied: another request would not change that. */
export interface KnownFailures {
  of(reference: SecretReference): AuthSessionsError | undefined;
  /** Remembers failures of the reference itself, but not of the network. */
  note(reference: SecretReference, failure: unknown): void;
  forgetFailures(): void;
}

export function createKnownFailures(): KnownFailures {
  const failures = new Map<string, AuthSessionsError>();
  return {
    of: (reference) => failures.get(referenceIdentity(reference)),
    note(reference, failure) {
      if (isOfReferences(failure)) failures.set(referenceIdentity(reference), failure);
    },
    forgetFailures: () => failures.clear(),
  };
}
