import { AuthSessionsError } from './errors.js';
import { restateError } from './restate-error.js';
import type { SecretReference } from './secret-reference.js';

export interface DeclaredAt {
  readonly session: string;
  /** Where in the session: `parameter "password"`. */
  readonly at: string;
  /** Gets the error if it cannot be parsed. */
  readonly errors: AuthSessionsError[];
}

/** What `parse` returns. `undefined` if the reference that a session declares is malformed. */
export function parseDeclared<Parsed>(
  { session, at, errors }: DeclaredAt,
  parse: () => Parsed,
): Parsed | undefined {
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof AuthSessionsError)) throw error;
    const { reference } = error;
    errors.push(restateError(error, `Session "${session}", ${at}`, { session, reference }));
    return undefined;
  }
}

/** Adds an error if a reference that must give a value gives a one-time code. Returns whether it does. */
export function refuseCode({ kind }: SecretReference, { session, at, errors }: DeclaredAt): boolean {
  if (kind !== 'totp') return false;
  errors.push(
    new AuthSessionsError(
      'ERR_CONFIG_INVALID',
      {
        failed: `Session "${session}": ${at} is a one-time code.`,
        next: 'Refer to a field without ?attribute=otp.',
      },
      { session },
    ),
  );
  return true;
}
