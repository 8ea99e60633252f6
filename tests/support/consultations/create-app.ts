import cookie, { Signer } from '@fastify/cookie';
import csrfProtection from '@fastify/csrf-protection';
import formbody from '@fastify/formbody';
import rateLimit from '@fastify/rate-limit';
import session from '@fastify/session';
import fastify, { type FastifyInstance } from 'fastify';
import { answerErrors } from './answer-errors.js';
import { rotateSessionCookie } from './rotate-session-cookie.js';
import { addAdminRoutes } from './routes/admin.js';
import { addApiRoutes } from './routes/api.js';
import { addAssetRoutes } from './routes/assets.js';
import { addConsultationRoutes } from './routes/consultations.js';
import { addDashboardRoutes } from './routes/dashboard.js';
import { addSignInCodeRoutes } from './routes/sign-in-code.js';
import { addSignInRoutes } from './routes/sign-in.js';
import { addSignOutRoutes } from './routes/sign-out.js';
import { addTestControlRoutes } from './routes/test-controls.js';
import { securityHeaders } from './security-headers.js';
import type { Site } from './site.js';

/** The web application, ready to listen. It logs nothing: request bodies have passwords in them. */
export async function createApp(site: Site, cookieSecret: string): Promise<FastifyInstance> {
  const app = fastify({ logger: false, forceCloseConnections: true, bodyLimit: 16_384 });
  app.addHook('onRequest', securityHeaders);
  answerErrors(app, site);
  addAssetRoutes(app);
  await app.register(formbody);
  await app.register(rateLimit, { global: false });
  await app.register(cookie);
  await app.register(session, {
    // @note Given a text, the plugin would require() a package of ES modules late, which jiti's loader hooks refuse.
    secret: new Signer(cookieSecret, 'sha256'),
    cookieName: site.sessionCookie,
    // No `expires`: the browser keeps it while it runs, the server says how long it counts.
    cookie: { path: '/', httpOnly: true, sameSite: 'lax', secure: false },
    store: site.sessions.store,
    saveUninitialized: false,
    rolling: false,
  });
  await app.register(csrfProtection, { sessionPlugin: '@fastify/session' });
  await app.register((pages) => addPages(pages, site));
  await app.register((controls) => addTestControlRoutes(controls, site));
  return app;
}

function addPages(pages: FastifyInstance, site: Site): Promise<void> {
  pages.addHook('preHandler', (request) => rotateSessionCookie(request, site));
  addSignInRoutes(pages, site);
  addSignInCodeRoutes(pages, site);
  addSignOutRoutes(pages, site);
  addDashboardRoutes(pages, site);
  addConsultationRoutes(pages, site);
  addAdminRoutes(pages, site);
  addApiRoutes(pages, site);
  return Promise.resolve();
}
