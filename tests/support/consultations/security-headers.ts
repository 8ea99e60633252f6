import type { FastifyReply, FastifyRequest, HookHandlerDoneFunction } from 'fastify';

/** Nothing inline, nothing from elsewhere, nothing kept by a cache. */
export function securityHeaders(_: FastifyRequest, reply: FastifyReply, done: HookHandlerDoneFunction): void {
  reply.headers({
    'content-security-policy': contentSecurityPolicy,
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'referrer-policy': 'same-origin',
    'cache-control': 'no-store',
  });
  done();
}

const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');
