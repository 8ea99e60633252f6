import type { DeclaredSession } from '../core/declared-session.js';
import { AuthSessionsError } from '../core/errors.js';
import { formatSuggestion } from '../core/suggest-name.js';

/** @throws AuthSessionsError `ERR_SESSION_UNKNOWN` */
export function findSession(sessions: ReadonlyMap<string, DeclaredSession>, name: string): DeclaredSession {
  const session = sessions.get(name);
  if (session) return session;
  throw new AuthSessionsError(
    'ERR_SESSION_UNKNOWN',
    {
      failed: `There is no session "${name}".`,
      known: 'The sessions file does not declare it.',
      next: formatSuggestion(name, [...sessions.keys()]),
    },
    { session: name },
  );
}

/** The accounts of a pool, by number. None if no pool has this name. */
export function accountsOf(
  sessions: ReadonlyMap<string, DeclaredSession>,
  pool: string,
): readonly DeclaredSession[] {
  return [...sessions.values()].filter(({ account }) => account?.pool === pool);
}

/** A session whose credentials tests can use. @throws AuthSessionsError `ERR_SESSION_TYPE` */
export function requireCredentials(session: DeclaredSession): DeclaredSession {
  const { name } = session;
  if (session.type === 'credentials') return session;
  throw new AuthSessionsError(
    'ERR_SESSION_TYPE',
    {
      failed: `Session "${name}" has no credentials.`,
      known: `It is of type ${session.type}.`,
      next: 'Use a session of type credentials.',
    },
    { session: name },
  );
}

/** A session that a test can have for itself. @throws AuthSessionsError `ERR_SESSION_TYPE` */
export function requireIsolable({ name, type, exclusive }: DeclaredSession): void {
  if (type !== 'recorder' && !exclusive) return;
  throw new AuthSessionsError(
    'ERR_SESSION_TYPE',
    {
      failed: `Session "${name}" cannot be isolated.`,
      known: exclusive
        ? 'It is exclusive: another sign-in could end the stored session.'
        : 'It is of type recorder: only a person can sign in.',
      next: 'Omit isolated, or declare another session for this test.',
    },
    { session: name },
  );
}

/** Sessions of type runtime require parameters, and others reject them. @throws AuthSessionsError `ERR_SESSION_TYPE` */
export function checkParameters(
  session: DeclaredSession,
  parameters: Readonly<Record<string, string>> | undefined,
): void {
  if ((session.type === 'runtime') === (parameters !== undefined)) return;
  const { name, type } = session;
  throw new AuthSessionsError(
    'ERR_SESSION_TYPE',
    {
      failed:
        type === 'runtime'
          ? `Session "${name}" takes its parameters at run time, but got none.`
          : `Session "${name}" takes no parameters at run time.`,
      known: `It is of type ${type}.`,
      next:
        type === 'runtime'
          ? `Write: authSession: { name: "${name}", parameters: { … } }.`
          : 'Omit the parameters, or declare the session with type: "runtime".',
    },
    { session: name },
  );
}
