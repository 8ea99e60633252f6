import type { FastifyContextConfig, FastifyRequest } from 'fastify';
import type { Site } from './site.js';

/** Counts the attempts of one address for one account, in each minute. */
export function signInRateLimit(
  { signInAttemptsPerMinute }: Site,
  emailOf: (request: FastifyRequest) => string,
): FastifyContextConfig {
  return {
    rateLimit: {
      max: signInAttemptsPerMinute,
      timeWindow: 60_000,
      // The form has been read by then.
      hook: 'preHandler',
      keyGenerator: (request) => `${request.ip} ${emailOf(request)}`,
    },
  };
}
