import type { FastifyInstance } from 'fastify';
import { formField } from '../form-field.js';
import { resetSite } from '../reset-site.js';
import { isSameText } from '../same-text.js';
import type { Site } from '../site.js';

/** What `ConsultationsSite` offers, for tests in another process. Closed unless the site was given a key. */
export function addTestControlRoutes(app: FastifyInstance, site: Site): Promise<void> {
  const { testControlKey } = site;
  if (testControlKey === undefined || testControlKey === '') return Promise.resolve();

  app.addHook('onRequest', async (request, reply) => {
    const key = request.headers['x-test-control-key'];
    if (typeof key !== 'string' || !isSameText(key, testControlKey))
      await reply.code(403).send({ error: 'The header x-test-control-key is missing or wrong' });
  });

  app.get('/test-controls/counters', () => ({
    accounts: Object.fromEntries(site.accounts.all.map(({ email }) => [email, countersOf(email)])),
  }));

  app.post('/test-controls/end-sessions', (request, reply) => {
    const email = formField(request.body, 'email');
    if (email !== '' && !site.accounts.find(email)) return reply.code(404).send(unknownAccount);
    site.sessions.end((signIn) => email === '' || signIn.email === email);
    return reply.code(204).send();
  });

  app.post('/test-controls/unlock', (request, reply) => {
    const email = formField(request.body, 'email');
    if (!site.accounts.find(email)) return reply.code(404).send(unknownAccount);
    site.accounts.unlock(email);
    return reply.code(204).send();
  });

  app.post('/test-controls/reset', (_, reply) => {
    resetSite(site);
    return reply.code(204).send();
  });

  function countersOf(email: string): { signIns: number; attempts: number; sessions: number } {
    return {
      signIns: site.accounts.signIns(email),
      attempts: site.accounts.attempts(email),
      sessions: site.sessions.signIns().filter((signIn) => signIn.email === email).length,
    };
  }

  return Promise.resolve();
}

const unknownAccount = { error: 'There is no such account' };
