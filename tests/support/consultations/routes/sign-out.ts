import type { FastifyInstance } from 'fastify';
import { csrfCheckOf } from '../csrf-check.js';
import type { Site } from '../site.js';
import { memberOf, signedInOnly } from '../visitor.js';

export function addSignOutRoutes(app: FastifyInstance, site: Site): void {
  app.post('/sign-out', { preHandler: [signedInOnly(site), csrfCheckOf(app)] }, async (request, reply) => {
    const { signIn } = memberOf(request, site);
    site.sessions.end(({ id }) => id === signIn.id);
    await request.session.destroy();
    reply.clearCookie(site.sessionCookie, { path: '/' });
    return reply.redirect('/sign-in', 303);
  });
}
