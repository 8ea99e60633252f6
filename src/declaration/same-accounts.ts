import type { DeclaredSession } from '../core/declared-session.js';
import { AuthSessionsError } from '../core/errors.js';

/** Accounts of one pool with the same references are one account, which two workers would have at the same time. */
export function findSameAccounts(sessions: readonly DeclaredSession[]): AuthSessionsError[] {
  const first = new Map<string, DeclaredSession>();
  return sessions.flatMap((session) => {
    const { account } = session;
    if (!account) return [];
    const parameters = parametersOf(session);
    const earlier = first.get(parameters);
    if (!earlier) first.set(parameters, session);
    return earlier?.account ? [sameAccounts(account.pool, earlier.account.number, account.number)] : [];
  });
}

function parametersOf({ values, code }: DeclaredSession): string {
  const references = [...values].map(([parameter, { text }]) => [parameter, text]);
  return JSON.stringify([references.sort(), code?.text]);
}

function sameAccounts(pool: string, one: number, other: number): AuthSessionsError {
  return new AuthSessionsError(
    'ERR_CONFIG_INVALID',
    {
      failed: `Session "${pool}": accounts ${one} and ${other} have the same parameters.`,
      known: 'Two workers would use one account at the same time.',
      next: 'Give each account its own parameters, or remove one of the two.',
    },
    { session: pool },
  );
}
