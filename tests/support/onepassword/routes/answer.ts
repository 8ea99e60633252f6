import { Refusal, tooManyRequests } from '../http/exchange.js';
import type { Answer, Exchange } from '../http/exchange.js';
import type { Session } from '../http/session.js';
import { getItem, getItems, listOverviews, updateItems } from './items.js';
import { listKeysets } from './keysets.js';
import type { RouteName } from './route.js';
import { agreeOnKey, completeSignIn, proveKey, startSignIn } from './sign-in.js';
import { findVault, getVault, listVaults } from './vaults.js';

/** Answers one request. @throws Refusal when it is not to be answered */
export async function answerRequest(
  exchange: Exchange,
  keepSession: (session: Session) => void,
): Promise<Answer> {
  refuseRevoked(exchange);
  const { route } = exchange;
  if (route === 'sign-in-start') {
    const { session, answer } = startSignIn(exchange);
    keepSession(session);
    return answer;
  }
  if (route === 'sign-in-agree') return agreeOnKey(exchange);
  if (route === 'sign-in-prove') return proveKey(exchange);
  const session = verifiedSession(exchange);
  if (route === 'sign-in-complete') return completeSignIn(exchange, session);
  countRead(session);
  return SIGNED_IN_ROUTES[route](exchange, session);
}

function refuseRevoked({ serviceAccount }: Exchange): void {
  if (!serviceAccount) return;
  if (serviceAccount.revoked) throw new Refusal(401, 'revoked service account');
  const seconds = serviceAccount.limiter.blockedSeconds();
  if (seconds > 0) throw tooManyRequests(seconds);
}

function verifiedSession(exchange: Exchange): Session {
  if (!exchange.session) throw new Refusal(401, 'unknown session');
  exchange.session.verify(exchange);
  return exchange.session;
}

function countRead({ account, serviceAccount }: Session): void {
  const seconds = serviceAccount.limiter.takeRead() || account.limiter.takeRead();
  if (seconds > 0) throw tooManyRequests(seconds);
}

type SignedInRoute = Exclude<RouteName, `sign-in-${string}`>;
type SignedInAnswer = (exchange: Exchange, session: Session) => Answer | Promise<Answer>;

const SIGNED_IN_ROUTES: Readonly<Record<SignedInRoute, SignedInAnswer>> = {
  keysets: (_, session) => listKeysets(session.serviceAccount),
  vaults: (_, session) => listVaults(session),
  vault: (exchange, session) => getVault(exchange, session.serviceAccount),
  overviews: (exchange, session) => listOverviews(findVault(exchange, session.serviceAccount), session),
  item: (exchange, session) => getItem(exchange, session),
  batch: (exchange, session) => getItems(exchange, session),
  'update-items': (exchange, session) => updateItems(exchange, session),
  unknown: () => {
    throw new Refusal(404, 'unknown request');
  },
};
