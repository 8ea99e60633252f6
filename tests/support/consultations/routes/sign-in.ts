import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { csrfCheckOf } from '../csrf-check.js';
import { formField } from '../form-field.js';
import { parseLocalPath } from '../local-path.js';
import { captchaPage } from '../pages/captcha.js';
import { signInPage, type SignInForm } from '../pages/sign-in.js';
import { sendPage } from '../send-page.js';
import { signInRateLimit } from '../sign-in-rate-limit.js';
import type { Site } from '../site.js';
import { visitorOf } from '../visitor.js';

/** The first step: email and password. */
export function addSignInRoutes(app: FastifyInstance, site: Site): void {
  const guards = { config: signInRateLimit(site, emailOf), preHandler: csrfCheckOf(app) };

  app.get('/sign-in', (request, reply) => {
    const next = parseLocalPath(formField(request.query, 'next'));
    if (visitorOf(request, site)) return reply.redirect(next, 303);
    return showForm(request, reply, { next });
  });

  app.post('/sign-in', guards, async (request, reply) => {
    if (site.captcha) return showForm(request, reply.code(403), { next: '/' });
    const email = emailOf(request);
    const next = parseLocalPath(formField(request.body, 'next'));
    const answer = site.accounts.checkPassword(email, formField(request.body, 'password'));
    if (answer !== 'right') {
      const { status, message } = refusals[answer];
      return showForm(request, reply.code(status), { next, email, message });
    }
    await request.session.regenerate();
    request.session.pending = { email, next, wrongCodes: 0 };
    return reply.redirect('/sign-in/code', 303);
  });

  function showForm(
    request: FastifyRequest,
    reply: FastifyReply,
    form: Omit<SignInForm, 'csrfToken'>,
  ): FastifyReply {
    if (site.captcha) return sendPage(request, reply, site, captchaPage());
    return sendPage(request, reply, site, signInPage({ ...form, csrfToken: reply.generateCsrf() }));
  }
}

function emailOf({ body }: FastifyRequest): string {
  return formField(body, 'email').trim().toLowerCase();
}

const refusals = {
  wrong: { status: 401, message: 'Wrong email or password' },
  locked: { status: 423, message: 'This account is locked' },
} as const;
