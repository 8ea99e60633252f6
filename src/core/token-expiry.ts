import { countOf } from './count-of.js';
import type { SuiteOptions } from './suite-options.js';
import { connectionOf, tokenVariables, type ConnectionName } from './vault-connection.js';

/** When a token expires, as `tokenExpires` declares it: neither a token nor 1Password says so. */
export interface TokenExpiry {
  /** The variable of the token. */
  readonly variable: string;
  /** `2027-01-31` */
  readonly date: string;
  /** From today, in UTC. Negative: it is past. */
  readonly daysLeft: number;
}

/** The declared ends of the tokens of these connections. */
export function tokenExpiries(
  suite: SuiteOptions,
  names: Iterable<ConnectionName>,
  nowMs: number,
): readonly TokenExpiry[] {
  return [...names].flatMap((name) => {
    const connection = connectionOf(suite, name);
    const date = 'tokenExpires' in connection ? connection.tokenExpires : undefined;
    if (date === undefined) return [];
    const daysLeft = Math.round(Date.parse(date) / dayMs) - Math.floor(nowMs / dayMs);
    return { variable: tokenVariables(name).token, date, daysLeft };
  });
}

/** Whether a new token is needed soon. */
export function isNear({ daysLeft }: TokenExpiry): boolean {
  return daysLeft <= warningDays;
}

/** `OP_SERVICE_ACCOUNT_TOKEN expires in 9 days, on 2027-01-31` */
export function formatTokenExpiry({ variable, date, daysLeft }: TokenExpiry): string {
  if (daysLeft < 0) return `${variable} expired on ${date}`;
  if (daysLeft === 0) return `${variable} expires today`;
  return `${variable} expires in ${countOf(daysLeft, 'day')}, on ${date}`;
}

const dayMs = 86_400_000;
const warningDays = 14;
