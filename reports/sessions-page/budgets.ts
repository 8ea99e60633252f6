import type { RunSummary, VaultBudget } from '../../src/core/session-event.js';
import { formatCount, formatNumber } from './format.js';
import { html, name, type Html } from './html.js';

/** What a run sent to each vault, and what `maxVaultRequests` left: of a merged run the sums over its shards. */
export function formatBudgets({ vaultBudgets = [], shards }: BudgetedRun): Html {
  const where = shards && ', in all shards together';
  return html`${vaultBudgets.map(
    ({ connection, sent, left }) =>
      html`<p class="aside">
        ${connection !== undefined && html`${name(connection)}: `}${formatCount(sent, 'request')} sent,
        ${formatNumber(left)} left of <code>maxVaultRequests</code>${where}.
      </p>`,
  )}`;
}

type BudgetedRun = Pick<RunSummary, 'vaultBudgets' | 'shards'>;

/** In a cell of the shards' table: `491 left, staging: 494 left`. */
export function formatShardBudgets(budgets: readonly VaultBudget[]): Html | false {
  const parts = budgets.map(
    ({ connection, left }, index) =>
      html`${index > 0 && ', '}${connection !== undefined && html`${name(connection)}: `}${formatNumber(left)}
      left`,
  );
  return parts.length > 0 && html` <small>${parts}</small>`;
}
