import { AuthSessionsError } from './errors.js';

/** An error of no known kind, by its type and its place in the code only: its message may hold a secret. */
export function unexpectedError(error: unknown): AuthSessionsError {
  const type = error instanceof Error ? error.name : typeof error;
  const place = error instanceof Error ? placeOf(error) : undefined;
  return new AuthSessionsError('ERR_UNEXPECTED', {
    failed: 'An unexpected error occurred.',
    known: `A ${type} was thrown${place === undefined ? '' : ` ${place}`}.`,
    next: 'Run again. If it fails again, report it with this message.',
  });
}

/** A message may have lines that look like those of a stack. */
function placeOf({ stack = '', message }: Error): string | undefined {
  const frames = message === '' ? stack : stack.replace(message, '');
  return /^\s+(at .*)$/m.exec(frames)?.[1];
}
