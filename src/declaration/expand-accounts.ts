import type { AuthSessionDeclaration } from '../core/auth-session.js';
import { accountName, type PoolAccount } from '../core/pool-account.js';

export interface ExpandedSession {
  readonly name: string;
  readonly declaration: AuthSessionDeclaration;
  readonly variables: Readonly<Record<string, string | undefined>>;
  readonly account: PoolAccount | undefined;
}

/** A session for each account of a pool; any other session alone. */
export function expandAccounts(
  name: string,
  declaration: AuthSessionDeclaration,
  variables: Readonly<Record<string, string | undefined>>,
): ExpandedSession[] {
  const accounts = 'accounts' in declaration ? declaration.accounts : undefined;
  if (accounts === undefined) return [{ name, declaration, variables, account: undefined }];
  const sets = typeof accounts === 'number' ? undefined : accounts;
  const of = sets?.length ?? Number(accounts);
  return Array.from({ length: of }, (_, index) => {
    const number = index + 1;
    const own = sets && { accounts: undefined, parameters: sets[index] };
    return {
      name: accountName(name, number),
      declaration: { ...declaration, ...own } as AuthSessionDeclaration,
      variables: { ...variables, account: String(number) },
      account: { pool: name, number, of },
    };
  });
}
