import type { FastifyInstance } from 'fastify';
import { adminPage } from '../pages/admin.js';
import { problemPage } from '../pages/problem.js';
import { sendPage } from '../send-page.js';
import type { Site } from '../site.js';
import { memberOf, signedInOnly } from '../visitor.js';

/** Everybody's consultations and accounts, for administrators. */
export function addAdminRoutes(app: FastifyInstance, site: Site): void {
  app.get('/admin', { preHandler: signedInOnly(site) }, (request, reply) => {
    if (memberOf(request, site).account.role !== 'admin')
      return sendPage(request, reply.code(403), site, problemPage(forAdministrators));
    const signIns = site.sessions.signIns();
    const accounts = site.accounts.all.map((account) => ({
      account,
      sessions: signIns.filter(({ email }) => email === account.email).length,
      isLocked: site.accounts.isLocked(account.email),
    }));
    const page = adminPage({ consultations: site.consultations.all(), accounts, nowMs: site.nowMs() });
    return sendPage(request, reply, site, page);
  });
}

const forAdministrators = {
  status: 403,
  title: 'This page is for administrators',
  advice: 'Your own consultations are one click away.',
};
