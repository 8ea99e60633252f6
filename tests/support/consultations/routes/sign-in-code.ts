import { randomBytes, randomUUID } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Account } from '../account.js';
import { csrfCheckOf } from '../csrf-check.js';
import { formField } from '../form-field.js';
import { codePage } from '../pages/code.js';
import { sendPage } from '../send-page.js';
import type { PendingSignIn } from '../session-book.js';
import { signInRateLimit } from '../sign-in-rate-limit.js';
import type { Site } from '../site.js';

/** The second step: the code. */
export function addSignInCodeRoutes(app: FastifyInstance, site: Site): void {
  app.get('/sign-in/code', (request, reply) => {
    const waiting = waitingOf(request);
    if (!waiting) return reply.redirect('/sign-in', 303);
    return sendPage(request, reply, site, codePage({ ...waiting, csrfToken: reply.generateCsrf() }));
  });

  app.post(
    '/sign-in/code',
    {
      config: signInRateLimit(site, ({ session }) => session.pending?.email ?? ''),
      preHandler: csrfCheckOf(app),
    },
    async (request, reply) => {
      const waiting = waitingOf(request);
      if (!waiting) return reply.redirect('/sign-in', 303);
      const { account, pending } = waiting;
      const outcome = site.accounts.acceptCode(
        account,
        formField(request.body, 'code').replaceAll(/\s/g, ''),
      );
      if (outcome === 'accepted') {
        await startSession(request, account);
        return reply.redirect(pending.next, 303);
      }
      if (outcome === 'wrong') request.session.pending = { ...pending, wrongCodes: pending.wrongCodes + 1 };
      const form = { account, message: refusals[outcome], csrfToken: reply.generateCsrf() };
      return sendPage(request, reply.code(401), site, codePage(form));
    },
  );

  function waitingOf({ session }: FastifyRequest): { account: Account; pending: PendingSignIn } | undefined {
    const { pending } = session;
    const account = pending && site.accounts.find(pending.email);
    return account && pending.wrongCodes < wrongCodesAllowed ? { account, pending } : undefined;
  }

  async function startSession(request: FastifyRequest, { email }: Account): Promise<void> {
    await request.session.regenerate();
    request.session.signIn = {
      id: randomUUID(),
      email,
      startedAtMs: site.nowMs(),
      apiToken: randomBytes(24).toString('base64url'),
      isNew: true,
    };
  }
}

/** Five guesses at six digits reveal nothing. After them, the site asks for the password again. */
const wrongCodesAllowed = 5;

const refusals = { wrong: 'That code is not right', used: 'That code was used already' } as const;
