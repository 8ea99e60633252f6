import { readFileSync } from 'node:fs';
import type { FastifyInstance } from 'fastify';

/** Styles, scripts and the icon. Added before the session, which they know nothing of. */
export function addAssetRoutes(app: FastifyInstance): void {
  for (const [name, type] of Object.entries(types)) {
    const content = readFileSync(new URL(`../assets/${name}`, import.meta.url));
    app.get(`/assets/${name}`, (_, reply) =>
      reply.type(type).header('cache-control', 'max-age=300').send(content),
    );
  }
}

const types = {
  'site.css': 'text/css; charset=utf-8',
  'keep-session.js': 'text/javascript; charset=utf-8',
  'dashboard.js': 'text/javascript; charset=utf-8',
  'icon.svg': 'image/svg+xml',
};
