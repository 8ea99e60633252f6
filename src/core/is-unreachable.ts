import { AuthSessionsError } from './errors.js';

/** Whether an error says that the application did not answer: it says nothing about a session, then. */
export function isUnreachable(error: unknown): error is AuthSessionsError {
  return error instanceof AuthSessionsError && error.code === 'ERR_APPLICATION_UNREACHABLE';
}
