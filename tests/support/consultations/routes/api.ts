import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { isSameText } from '../same-text.js';
import type { Site } from '../site.js';
import { visitorOf, type Visitor } from '../visitor.js';

export function addApiRoutes(app: FastifyInstance, site: Site): void {
  app.get(
    '/api/me',
    forMembers(({ account: { email, name, role } }) => ({ email, name, role })),
  );

  app.get(
    '/api/consultations',
    forMembers(({ account }) => ({ consultations: site.consultations.of(account.email) })),
  );

  /** Asks for the token of localStorage, not for the cookie. */
  app.get('/api/preferences', (request, reply) => {
    const token = /^Bearer (\S+)$/.exec(request.headers.authorization ?? '')?.[1] ?? '';
    const signIn = site.sessions.signIns().find(({ apiToken }) => isSameText(apiToken, token));
    if (!signIn) return reply.code(401).send({ error: 'Sign in first' });
    return reply.send({ email: signIn.email, reminderMinutes: 30 });
  });

  function forMembers(answer: (visitor: Visitor) => object) {
    return (request: FastifyRequest, reply: FastifyReply): FastifyReply => {
      const visitor = visitorOf(request, site);
      return visitor ? reply.send(answer(visitor)) : reply.code(401).send({ error: 'Sign in first' });
    };
  }
}
