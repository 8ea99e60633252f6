import type { FastifyInstance, preHandlerHookHandler } from 'fastify';

/** Refuses a form that this site did not give to this session. */
export function csrfCheckOf(app: FastifyInstance): preHandlerHookHandler {
  return (request, reply, done) => app.csrfProtection(request, reply, done);
}
