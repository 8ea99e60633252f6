import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Account } from './account.js';
import type { SignIn } from './session-book.js';
import type { Site } from './site.js';

export interface Visitor {
  readonly account: Account;
  readonly signIn: SignIn;
}

/** Who is signed in; `undefined` when nobody is. */
export function visitorOf({ session }: FastifyRequest, site: Site): Visitor | undefined {
  // There is no session before its cookie is read, which an error may come ahead of.
  const signIn = (session as FastifyRequest['session'] | null)?.signIn;
  const account = signIn && site.accounts.find(signIn.email);
  return account && { account, signIn };
}

/** As `visitorOf`, in a handler behind `signedInOnly`. */
export function memberOf(request: FastifyRequest, site: Site): Visitor {
  const visitor = visitorOf(request, site);
  if (!visitor) throw new Error(`${request.routeOptions.url ?? request.url} is not behind signedInOnly.`);
  return visitor;
}

/** Sends people who are signed out to the sign-in page, and back here afterwards. */
export function signedInOnly(site: Site) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    if (visitorOf(request, site)) return;
    const query = request.method === 'GET' ? `?${new URLSearchParams({ next: request.url }).toString()}` : '';
    await reply.redirect(`/sign-in${query}`, 303);
  };
}
