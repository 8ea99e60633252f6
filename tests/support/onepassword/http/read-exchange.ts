import type { IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import type { Account } from '../model/account.js';
import type { ServiceAccount } from '../model/service-account.js';
import { parseObject, readText } from '../routes/read-json.js';
import { matchRoute } from '../routes/route.js';
import type { Exchange } from './exchange.js';
import type { MatchableRequest } from './request-pattern.js';
import type { Session } from './session.js';

/** Where a request's identity is looked up. */
export interface Identities {
  readonly accounts: readonly Account[];
  readonly sessions: ReadonlyMap<string, Session>;
}

/** Reads a request and finds out who makes it: by its session, or by the email that it signs in with. */
export async function readExchange(request: IncomingMessage, identities: Identities): Promise<Exchange> {
  const { method = '', url: path = '', headers } = request;
  const body = await text(request);
  const { route, parameters } = matchRoute(method, path);
  const session = identities.sessions.get(String(headers['x-agilebits-session-id']));
  const known = session ?? (route === 'sign-in-start' ? findByEmail(identities.accounts, body) : undefined);
  return {
    method,
    path,
    host: new URL(`http://${headers.host ?? 'localhost'}`).hostname,
    mac: headers['x-agilebits-mac']?.toString(),
    authorization: headers.authorization,
    route,
    parameters,
    body,
    session,
    account: known?.account,
    serviceAccount: known?.serviceAccount,
  };
}

/** The part of an exchange that patterns look at and the log keeps. */
export function describeExchange(exchange: Exchange): MatchableRequest {
  const { route, method, path, account, serviceAccount } = exchange;
  return { route, method, path, account: account?.name, serviceAccount: serviceAccount?.name };
}

function findByEmail(
  accounts: readonly Account[],
  body: string,
): { account: Account; serviceAccount: ServiceAccount } | undefined {
  const email = readText(parseObject(body), 'email');
  for (const account of accounts) {
    const serviceAccount = account.serviceAccounts.find((each) => each.tokenContents.email === email);
    if (serviceAccount) return { account, serviceAccount };
  }
  return undefined;
}
