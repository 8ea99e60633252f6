import { AuthSessionsError } from '../core/errors.js';

/** The error of a renewal that only a person can make. */
export function needsPerson(session: string): AuthSessionsError {
  return new AuthSessionsError(
    'ERR_RECORDING_NEEDED',
    {
      failed: `Session "${session}" cannot be renewed without a person.`,
      known: 'It is of type recorder: a person signs in.',
      next: `Run: npx playwright-auth-sessions record ${session}`,
    },
    { session },
  );
}
