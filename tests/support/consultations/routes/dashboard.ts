import type { FastifyInstance } from 'fastify';
import { dashboardPage } from '../pages/dashboard.js';
import { sendPage } from '../send-page.js';
import type { Site } from '../site.js';
import { memberOf, signedInOnly } from '../visitor.js';

export function addDashboardRoutes(app: FastifyInstance, site: Site): void {
  app.get('/', { preHandler: signedInOnly(site) }, (request, reply) => {
    const { account } = memberOf(request, site);
    const page = dashboardPage({
      account,
      consultations: site.consultations.of(account.email),
      nowMs: site.nowMs(),
      everybody: { consultations: site.consultations.all().length, accounts: site.accounts.all.length },
    });
    return sendPage(request, reply, site, page);
  });
}
