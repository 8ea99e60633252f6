import { AuthSessionsError } from '../../core/errors.js';

/** Why a run sends no more requests to the vault: they would use up the account's limit without success. */

export function budgetSpent(maxRequests: number): AuthSessionsError {
  return new AuthSessionsError('ERR_VAULT_BUDGET_SPENT', {
    failed: `This run has reached its limit of ${maxRequests} requests to 1Password.`,
    known: 'A whole account shares one rate limit, so a run must not exhaust it.',
    next:
      'Look at the requests in reports/output/vault-access.jsonl. If the run needs more, raise ' +
      'onePassword.maxVaultRequests in the sessions file. What 1Password still allows: op service-account ratelimit.',
  });
}

/** `retryAtMs` is the time in 1Password's response, if any. */
export function rateLimited(retryAtMs: number | undefined, nowMs: number): AuthSessionsError {
  return new AuthSessionsError('ERR_VAULT_RATE_LIMITED', {
    failed: "1Password's rate limit is reached. This run sends no more requests.",
    known: 'Limits apply per token and hour, and per account and day.',
    next:
      retryAtMs === undefined
        ? 'Wait an hour, and find out what sends so many requests: op service-account ratelimit.'
        : `Try again ${formatWait(retryAtMs, nowMs)}, and find out what sends so many requests: op service-account ratelimit.`,
  });
}

function formatWait(retryAtMs: number, nowMs: number): string {
  const seconds = Math.max(1, Math.ceil((retryAtMs - nowMs) / 1000));
  const wait = seconds < 120 ? `${seconds} s` : `${Math.ceil(seconds / 60)} minutes`;
  return `in ${wait}, at ${new Date(retryAtMs).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
