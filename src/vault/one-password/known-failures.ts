import type { AuthSessionsError } from '../../core/errors.js';
import { referenceIdentity, type SecretReference } from '../../core/secret-reference.js';
import { isOfReferences } from './resolve-in-parts.js';

/** The references that were not there, or denied: asked again, they would cost requests, and change nothing. */
export interface KnownFailures {
  of(reference: SecretReference): AuthSessionsError | undefined;
  /** Keeps what is about the reference itself; a network that failed is not. */
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
