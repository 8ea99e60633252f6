import { AuthSessionsError } from './errors.js';

/** The error where a test would be skipped, and nothing else can be done: `why` is the project's choice. */
export function withoutCredentials(session: string, why: string): AuthSessionsError {
  return new AuthSessionsError(
    'ERR_ENVIRONMENT_MISSING',
    {
      failed: `Session "${session}" cannot be signed in here.`,
      known: `The project says to skip: ${why}.`,
      next: 'Set the missing credential, or use local credentials.',
    },
    { session },
  );
}
