import type {
  RunSummary,
  SessionOutcome,
  SessionUse,
  ShardSummary,
  UseOutcome,
  VaultRead,
} from '../../src/core/session-event.js';
import { formatShardBudgets } from './budgets.js';
import { formatCount, formatDuration, formatNumber } from './format.js';
import { html, name, type Html, type HtmlPart } from './html.js';
import { hasWaited, type SessionView } from './run-view.js';

/** The table of sessions with their numbers. */
export function formatSessionTable(sessions: readonly SessionView[]): Html {
  const rows = sessions.map(
    ({ label, id, summary }) =>
      html`<tr>
        <th scope="row"><a href="#${id}">${name(label)}</a></th>
        <td>
          ${formatOutcome(summary.outcome)}${summary.errorCode !== undefined && html` <code>${summary.errorCode}</code>`}
        </td>
        <td class="number">${formatDuration(summary.durationMs)}</td>
        <td class="number">${formatNumber(summary.signIns)}</td>
        <td class="number">${formatNumber(summary.waiters)}</td>
        <td class="number">${formatNumber(summary.handedOut)}</td>
      </tr>`,
  );
  const head = ['Session', 'Outcome', '#Took', '#Sign-ins', '#Waited for it', '#Handed out'];
  return formatTable({ label: 'Sessions', caption: 'Outcome of each session', head, rows });
}

/** The shards of a merged run; also those whose report is missing. */
export function formatShardTable(shards: readonly ShardSummary[], startedAtMs: number): Html {
  const head = ['Shard', '#Began at', '#Took', '#Sign-ins', '#Vault requests', '#Handed out', 'Store'];
  const rows = shards.map(
    ({ label, missing, totals, vaultBudgets = [], startedAtMs: fromMs = startedAtMs, endedAtMs, store }) =>
      missing !== undefined || !totals
        ? html`<tr>
            <th scope="row">${name(label)}</th>
            <td colspan="6"><span class="outcome failed">missing</span> ${missing}</td>
          </tr>`
        : html`<tr>
            <th scope="row">${name(label)}</th>
            <td class="number">+${formatDuration(Math.max(fromMs - startedAtMs, 0))}</td>
            <td class="number">${formatDuration(Math.max((endedAtMs ?? fromMs) - fromMs, 0))}</td>
            <td class="number">${formatNumber(totals.signIns)}</td>
            <td class="number">${formatNumber(totals.vaultRequests)}${formatShardBudgets(vaultBudgets)}</td>
            <td class="number">${formatNumber(totals.handedOut)}</td>
            <td>${name(store ?? '')}</td>
          </tr>`,
  );
  return formatTable({ label: 'Shards', caption: 'Shards, by the clocks of their machines', head, rows });
}

/** The tests that used a session, folded. */
export function formatUses({ label, id, uses, summary }: SessionView, startedAtMs: number): Html {
  const longestMs = uses.reduce((longest, { waitedMs }) => Math.max(longest, waitedMs), 0);
  const waited = uses.some(hasWaited) ? `longest wait ${formatDuration(longestMs)}` : '';
  const isMerged = uses.some(({ shard }) => shard !== undefined);
  const head = ['Test', 'Project', isMerged ? '#Shard, worker' : '#Worker', '#Asked at', '#Waited', 'Got it'];
  const rows = uses.map((use) => formatUse(use, startedAtMs));
  return html`<details>
    <summary>
      <span class="grow">${name(label)}</span> ${formatOutcome(summary.outcome)}
      <span class="aside">${formatCount(uses.length, 'test')}${waited !== '' && ` · ${waited}`}</span>
    </summary>
    ${formatTable({ id, label: `Uses of ${label}`, caption: html`Tests that asked for ${name(label)}`, head, rows })}
  </details>`;
}

function formatUse(
  { test, project, worker, shard, askedAtMs, waitedMs, outcome, errorCode }: SessionUse,
  startedAtMs: number,
): Html {
  const [file = '', ...titles] = test.split(' › ');
  return html`<tr>
    <th scope="row" class="test">
      ${name(titles.join(' › ') || file || 'unknown')}
      ${titles.length > 0 && html`<small>${name(file)}</small>`}
    </th>
    <td>${name(project)}</td>
    <td class="number">${shard === undefined ? worker : name(`${shard}, ${worker}`)}</td>
    <td class="number">+${formatDuration(Math.max(askedAtMs - startedAtMs, 0))}</td>
    <td class="number">${hasWaited({ outcome, waitedMs }) ? formatDuration(waitedMs) : '–'}</td>
    <td>${formatOutcome(outcome)}${errorCode !== undefined && html` <code>${errorCode}</code>`}</td>
  </tr>`;
}

/** Requests to the vault, in the order in which they began. */
export function formatVaultTable({ vaultReads, startedAtMs }: RunSummary): Html {
  const head = ['Reference', 'For', 'Why', '#Asked at', '#Took', 'Answer'];
  const rows = vaultReads
    .toSorted((one, other) => one.startedAtMs - other.startedAtMs)
    .map((read) => formatRead(read, startedAtMs));
  return formatTable({
    label: 'Vault',
    caption: 'Requests to the vault; values are not recorded',
    head,
    rows,
  });
}

function formatRead(read: VaultRead, startedAtMs: number): Html {
  const answer = read.isCode ? 'a one-time code' : 'a value';
  return html`<tr>
    <th scope="row"><code>${name(read.reference)}</code></th>
    <td>
      ${name(read.session)}${read.shard !== undefined && html` <small>${name(`shard ${read.shard}`)}</small>`}
    </td>
    <td>${read.why}</td>
    <td class="number">+${formatDuration(Math.max(read.startedAtMs - startedAtMs, 0))}</td>
    <td class="number">${formatDuration(read.durationMs)}</td>
    <td>
      ${read.errorCode === undefined ? answer : html`${formatOutcome('failed')} <code>${read.errorCode}</code>`}
    </td>
  </tr>`;
}

/** A colour with a word. */
export function formatOutcome(outcome: SessionOutcome | UseOutcome): Html {
  return html`<span class="outcome ${outcome}">${outcome}</span>`;
}

interface Table {
  readonly id?: string;
  /** For screen readers: the table scrolls. */
  readonly label: string;
  readonly caption: HtmlPart;
  /** Numeric columns begin with `#`. */
  readonly head: readonly string[];
  readonly rows: readonly Html[];
}

/** Scrolls if it is too wide, also by keyboard. */
export function formatTable({ id, label, caption, head, rows }: Table): Html {
  const columns = head.map((text) =>
    text.startsWith('#')
      ? html`<th scope="col" class="number">${text.slice(1)}</th>`
      : html`<th scope="col">${text}</th>`,
  );
  return html`<div
    class="scroll"
    tabindex="0"
    role="group"
    aria-label="${label}"
    ${id !== undefined && html` id="${id}"`}
  >
    <table>
      <caption>
        ${caption}
      </caption>
      <thead>
        <tr>
          ${columns}
        </tr>
      </thead>
      <tbody>
        ${rows}
      </tbody>
    </table>
  </div>`;
}
