import type { VaultBudget } from '../../src/core/session-event.js';
import { formatCount, formatNumber } from './format.js';
import { html, name, type Html } from './html.js';

/** What a run sent to each vault, and what `maxVaultRequests` left. */
export function formatBudgets(budgets: readonly VaultBudget[]): Html {
  return html`${budgets.map(
    ({ connection, sent, left }) =>
      html`<p class="aside">
        ${connection !== undefined && html`${name(connection)}: `}${formatCount(sent, 'request')} sent,
        ${formatNumber(left)} left of <code>maxVaultRequests</code>.
      </p>`,
  )}`;
}

/** In a cell of the shards' table: `491 left, staging: 494 left`. */
export function formatShardBudgets(budgets: readonly VaultBudget[]): Html | false {
  const parts = budgets.map(
    ({ connection, left }, index) =>
      html`${index > 0 && ', '}${connection !== undefined && html`${name(connection)}: `}${formatNumber(left)}
      left`,
  );
  return parts.length > 0 && html` <small>${parts}</small>`;
}
