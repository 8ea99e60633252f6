/** An account of a pool: a separate session, with its own state, codes and rejections. */
export interface PoolAccount {
  readonly pool: string;
  /** From 1. */
  readonly number: number;
  /** How many the pool has. */
  readonly of: number;
}

/** The pools that these sessions are accounts of. */
export function poolsOf(
  sessions: Iterable<{ readonly account: PoolAccount | undefined }>,
): readonly { readonly name: string; readonly accounts: number }[] {
  return [...sessions].flatMap(({ account }) =>
    account?.number === 1 ? { name: account.pool, accounts: account.of } : [],
  );
}

interface LimitedSession {
  readonly name: string;
  readonly account: PoolAccount | undefined;
  readonly maxConcurrentUses: number | undefined;
}

/** The names of pools, and of sessions with a limited number of uses. */
export function limitedNames(sessions: Iterable<LimitedSession>): readonly string[] {
  const limited = [...sessions].filter(
    ({ account, maxConcurrentUses }) => account !== undefined || maxConcurrentUses !== undefined,
  );
  return [...new Set(limited.map(({ name, account }) => account?.pool ?? name))];
}

/** The session of one account of a pool. */
export function accountName(pool: string, number: number): string {
  return `${pool}[${number}]`;
}

/** The pool in the name of an account's session; the name itself for any other session. */
export function poolOrName(name: string): string {
  return /^(.+)\[\d+\]$/.exec(name)?.[1] ?? name;
}
