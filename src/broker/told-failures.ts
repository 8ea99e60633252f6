import { AuthSessionsError } from '../core/errors.js';

/** Refers to the first test that got a failure, in the errors of those that get the same one. */
export interface ToldFailures {
  /** The error for this test. The same test gets it whole again when it is retried. */
  forTest(error: unknown, test: string | undefined): unknown;
}

export function createToldFailures(): ToldFailures {
  const first = new WeakMap<AuthSessionsError, string>();
  return {
    forTest(error, test) {
      if (!(error instanceof AuthSessionsError) || test === undefined) return error;
      const told = first.get(error);
      if (told === undefined) first.set(error, test);
      if (told === undefined || told === test) return error;
      const known = `As in the first test that asked for it: ${told}.`;
      const { code, explanation, session, reference } = error;
      return new AuthSessionsError(code, { ...explanation, known }, { session, reference });
    },
  };
}
