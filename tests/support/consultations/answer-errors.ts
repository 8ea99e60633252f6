import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { problemPage, type Problem } from './pages/problem.js';
import { sendPage } from './send-page.js';
import type { Site } from './site.js';

/** Problems are pages for people and JSON for programs; neither shows what went wrong inside. */
export function answerErrors(app: FastifyInstance, site: Site): void {
  app.setNotFoundHandler((request, reply) => answer(request, reply, problems.notFound));
  app.setErrorHandler((error, request, reply) => answer(request, reply, problemOf(error)));

  function answer(request: FastifyRequest, reply: FastifyReply, problem: Problem): FastifyReply {
    reply.code(problem.status);
    if (/^\/(?:api|test-controls)\//.test(request.url)) return reply.send({ error: problem.title });
    return sendPage(request, reply, site, problemPage(problem));
  }
}

function problemOf(error: unknown): Problem {
  const { statusCode = 500, code = '' } = error as { statusCode?: number; code?: string };
  if (code.startsWith('FST_CSRF_')) return problems.staleForm;
  if (statusCode === 429) return problems.tooMany;
  if (statusCode < 500) return { ...problems.refused, status: statusCode };
  return problems.broken;
}

const problems = {
  notFound: { status: 404, title: 'There is no such page', advice: 'The link may be old, or mistyped.' },
  staleForm: {
    status: 403,
    title: 'This form is out of date',
    advice: 'Go back, reload the page and send it again.',
  },
  tooMany: { status: 429, title: 'Too many attempts', advice: 'Wait a minute, then try again.' },
  refused: { status: 400, title: 'That request was not understood', advice: 'Go back and try again.' },
  broken: { status: 500, title: 'Something broke on our side', advice: 'Try again in a moment.' },
} satisfies Record<string, Problem>;
