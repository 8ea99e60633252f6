import type { FastifyRequest } from 'fastify';
import type { Site } from './site.js';

/**
 * Gives a signed-in visitor's answer a new session cookie. A request that still comes with the old value, within its
 * grace period, is answered without one: the successor went out with an earlier answer.
 */
export async function rotateSessionCookie({ session }: FastifyRequest, site: Site): Promise<void> {
  if (!site.rotateSessionCookie || !session.signIn) return;
  if (!site.sessions.retire(session.sessionId, site.rotateSessionCookie.graceSeconds)) return;
  await session.regenerate(['signIn', '_csrf']);
}
