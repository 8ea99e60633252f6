import { AuthSessionsError } from '../../core/errors.js';

/** Why the vault is not asked any more in a run: asking on would cost the account, and change nothing. */

export function budgetSpent(maxRequests: number): AuthSessionsError {
  return new AuthSessionsError('ERR_VAULT_BUDGET_SPENT', {
    failed: `This run has made its ${maxRequests} requests to 1Password.`,
    known: "Limits are shared by a whole account, so a run that asks without end would take everybody's.",
    next:
      'reports/output/vault-access.jsonl tells what was asked. If the run needs more, raise ' +
      'onePassword.maxVaultRequests in the sessions file.',
  });
}

/** `retryAtMs` is what 1Password said, if it did. */
export function rateLimited(retryAtMs: number | undefined, nowMs: number): AuthSessionsError {
  return new AuthSessionsError('ERR_VAULT_RATE_LIMITED', {
    failed: "1Password's rate limit is reached, and it is not asked again in this run.",
    known: 'Limits count per token and hour, and per account and day.',
    next:
      retryAtMs === undefined
        ? 'Wait an hour, and find out what asks so often: op service-account ratelimit.'
        : `Try again ${formatWait(retryAtMs, nowMs)}, and find out what asks so often: op service-account ratelimit.`,
  });
}

function formatWait(retryAtMs: number, nowMs: number): string {
  const seconds = Math.max(1, Math.ceil((retryAtMs - nowMs) / 1000));
  const wait = seconds < 120 ? `${seconds} s` : `${Math.ceil(seconds / 60)} minutes`;
  return `in ${wait}, at ${new Date(retryAtMs).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
