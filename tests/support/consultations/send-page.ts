import type { FastifyReply, FastifyRequest } from 'fastify';
import { renderLayout, type Page } from './pages/layout.js';
import type { Site } from './site.js';
import { visitorOf } from './visitor.js';

/** Sends a page in the site's layout, as its visitor sees it. A new sign-in's first page hands the API token out. */
export function sendPage(request: FastifyRequest, reply: FastifyReply, site: Site, page: Page): FastifyReply {
  const visitor = visitorOf(request, site);
  const document = renderLayout(page, {
    path: request.url.split('?', 1)[0] ?? '/',
    ...(visitor && {
      account: visitor.account,
      csrfToken: reply.generateCsrf(),
      ...(visitor.signIn.isNew && { apiToken: visitor.signIn.apiToken }),
    }),
  });
  if (visitor?.signIn.isNew) request.session.signIn = { ...visitor.signIn, isNew: false };
  return reply.type('text/html; charset=utf-8').send(document);
}
