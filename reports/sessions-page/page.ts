import type { RunSummary, ShardSummary } from '../../src/core/session-event.js';
import { formatFailures, formatNotes } from './failures.js';
import { formatBudgets } from './budgets.js';
import { formatCount, formatDuration, formatMoment, formatNumber } from './format.js';
import { html, Html } from './html.js';
import { maxUses, viewSessions, type SessionView } from './run-view.js';
import { style } from './style.js';
import { formatSessionTable, formatShardTable, formatUses, formatVaultTable } from './tables.js';
import { formatTimeline } from './timeline.js';

/**
 * `reports/output/auth-sessions.html`: a run's sessions as a page. It is self-contained, runs no script and loads
 * nothing. Names, titles and notes are escaped text.
 */
export function formatSessionsPage(run: RunSummary): string {
  const sessions = viewSessions(run);
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta http-equiv="Content-Security-Policy" content="${contentPolicy}" />
        <title>Auth sessions · ${formatMoment(run.startedAtMs)}</title>
        <style>
          ${new Html(style)}
        </style>
      </head>
      <body>
        <header>
          <h1>Auth sessions</h1>
          ${formatFacts(run)}
        </header>
        <main>
          ${sessions.length === 0 ? html`${formatNothing()} ${run.shards && formatShards(run, run.shards)}` : formatRun(run, sessions)}
        </main>
      </body>
    </html> `;
  return page.text.replaceAll(/\n\s+/g, '\n');
}

function formatFacts({ environment, store, startedAtMs, endedAtMs, shards }: RunSummary): Html {
  const from = { deployed: '1Password', local: 'local test credentials' }[environment] ?? environment;
  return html`<p class="facts">
    <time datetime="${new Date(startedAtMs).toISOString()}">${formatMoment(startedAtMs)}</time>
    <span>${formatDuration(Math.max(endedAtMs - startedAtMs, 0))}</span>
    ${shards && html`<span>${formatCount(shards.length, 'shard')}</span>`}
    <span>credentials from ${from}</span> <span>stored in ${store}</span>
  </p>`;
}

function formatRun(run: RunSummary, sessions: readonly SessionView[]): Html {
  const hidden = run.uses.length - maxUses;
  return html`
    ${formatNumbers(run, sessions)} ${formatFailures(sessions)}
    <section aria-labelledby="timeline">
      <h2 id="timeline">Timeline</h2>
      <p class="aside">
        When each session was acquired, which tests waited for it, and each time a test got it. The tables
        below show the same data.
      </p>
      ${formatLegend(run)} ${formatTimeline(run, sessions)}
    </section>
    <section aria-labelledby="sessions">
      <h2 id="sessions">Sessions</h2>
      ${formatSessionTable(sessions)}
    </section>
    ${run.shards && formatShards(run, run.shards)} ${formatNotes(run, sessions)}
    <section aria-labelledby="tests">
      <h2 id="tests">Tests that used them</h2>
      ${
        hidden > 0 &&
        html`<p class="aside">
          The first ${formatNumber(maxUses)} uses; the other ${formatNumber(hidden)} are in
          auth-sessions.json.
        </p>`
      }
      ${sessions.map((session) => formatUses(session, run.startedAtMs))}
    </section>
    <section aria-labelledby="vault">
      <h2 id="vault">Vault</h2>
      ${formatVault(run)} ${formatBudgets(run)}
    </section>
  `;
}

function formatShards({ startedAtMs }: RunSummary, shards: readonly ShardSummary[]): Html {
  return html`<section aria-labelledby="shards">
    <h2 id="shards">Shards</h2>
    ${formatShardTable(shards, startedAtMs)}
  </section>`;
}

/** Folds a long table. */
function formatVault(run: RunSummary): Html {
  const { length } = run.vaultReads;
  if (length === 0) return html`<p>No vault requests: every session was still valid.</p>`;
  if (length <= longTable) return formatVaultTable(run);
  return html`<details>
    <summary><span class="grow">${formatCount(length, 'read')}</span></summary>
    ${formatVaultTable(run)}
  </details>`;
}

function formatNumbers({ totals }: RunSummary, sessions: readonly SessionView[]): Html {
  const failed = sessions.filter(({ summary }) => summary.outcome === 'failed').length;
  const numbers = [
    [formatNumber(sessions.length), sessions.length === 1 ? 'session' : 'sessions'],
    [formatNumber(totals.handedOut), 'times handed out'],
    [formatNumber(totals.signIns), totals.signIns === 1 ? 'sign-in' : 'sign-ins'],
    [formatNumber(totals.vaultRequests), totals.vaultRequests === 1 ? 'vault request' : 'vault requests'],
    [formatNumber(totals.codes), totals.codes === 1 ? 'one-time code' : 'one-time codes'],
    ...(failed > 0 ? [[formatNumber(failed), 'failed']] : []),
  ];
  return html`<ul class="numbers" aria-label="${formatCount(sessions.length, 'session')}">
    ${numbers.map(
      ([number = '', noun = '']) =>
        html`<li ${noun === 'failed' && new Html('class="bad"')}><strong>${number}</strong> ${noun}</li>`,
    )}
  </ul>`;
}

function formatLegend({ events, vaultReads }: RunSummary): Html {
  const outcomes = ['created', 'restored', 'renewed', 'failed'].filter((one) =>
    events.some(({ outcome }) => outcome === one),
  );
  return html`<p class="legend" aria-hidden="true">
    ${outcomes.map((outcome) => html`<span class="outcome ${outcome}">${outcome}</span>`)}
    <span class="mark waiter">a test waits</span> <span class="mark use">a test gets it</span>
    ${vaultReads.length > 0 && html`<span class="mark value">a value is read</span>`}
    ${vaultReads.some(({ isCode }) => isCode) && html`<span class="mark code">a code, including the wait for it</span>`}
  </p>`;
}

function formatNothing(): Html {
  return html`<section>
    <h2>No test used a session</h2>
    <p>
      Sign a test in with <code>test.use({ authSession: 'admin' })</code>, with <code>test</code> imported
      from this package and not from <code>@playwright/test</code>.
    </p>
  </section>`;
}

/** Allows no script and no request: the page is self-contained. */
const contentPolicy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

const longTable = 12;
