import { countOf } from './count-of.js';
import type { EnvironmentDecision } from './environment.js';
import { formatTokenExpiry, type TokenExpiry } from './token-expiry.js';
import type { RunSummary, SessionSummary, VaultBudget } from './session-event.js';

export interface RunGreeting {
  readonly decision: EnvironmentDecision;
  readonly sessions: number;
  readonly references: number;
  readonly store: string;
  readonly localFiles: readonly string[];
  readonly pools?: readonly { readonly name: string; readonly accounts: number }[] | undefined;
  /** Pools and sessions with limited uses whose users on other machines the store does not know. */
  readonly ofThisMachine?: readonly string[] | undefined;
  /** The tokens that expire soon. */
  readonly endingTokens?: readonly TokenExpiry[] | undefined;
}

/** A run's first line: the source of its credentials and why, with counts. Contains no values. */
export function formatGreeting(
  greeting: RunGreeting,
  { workers = 0, shard }: RunPart & { readonly workers?: number } = {},
): string {
  const { decision, sessions, references, store, localFiles } = greeting;
  const { pools = [], ofThisMachine = [], endingTokens = [] } = greeting;
  const from = {
    deployed: `deployed: ${decision.vaults ?? '1Password'} (${decision.why})`,
    local: `local test credentials in ${localFiles.join(', ')} (${decision.why})`,
    skip: `tests that need a session are skipped (${decision.why})`,
  }[decision.environment];
  const shards = shard?.total ?? 1;
  const all = workers * shards;
  const waits = pools
    .filter(({ accounts }) => accounts < all)
    .map(
      ({ name, accounts }) =>
        ` · "${name}" has ${countOf(accounts, 'account')} for ${all} workers${shards > 1 ? ` of ${shards} shards` : ''}, so tests may wait`,
    );
  const shared = ofThisMachine.map((name) => `"${name}"`).join(' and ');
  const warned =
    shards > 1 && shared !== ''
      ? ` · shards on other machines do not know who uses ${shared}: set AUTH_SESSIONS_STORE_URL`
      : '';
  const ending = endingTokens.map(
    (expiry) => ` · ${formatTokenExpiry(expiry)}: replace it, and tokenExpires`,
  );
  return `Auth sessions: ${from} · ${countOf(sessions, 'session')}, ${countOf(references, 'reference')} · ${store}${waits.join('')}${warned}${ending.join('')}`;
}

/** The shard, from Playwright's config. */
export interface RunPart {
  readonly shard?: { readonly current: number; readonly total: number } | null | undefined;
}

/** The table of sessions at the end of a run, or a hint if no test used one. A shard knows only its own tests. */
export function formatSummary(run: RunSummary, { shard }: RunPart = {}): string {
  const { sessions, totals, warnings = [], vaultBudgets = [] } = run;
  const hint = shard
    ? `Auth sessions: no test of shard ${shard.current}/${shard.total} used one.`
    : unusedHint;
  if (sessions.length === 0) return isUnused(run) ? `${hint}\n` : '';
  const rows = [
    ['session', 'outcome', 'took', 'sign-ins', 'waited', 'handed out'],
    ...sessions.map((session) => formatRow(session, labelOf(session, sessions))),
  ];
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const table = rows.map((row) =>
    `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd(),
  );
  const notes = sessions.flatMap((session) =>
    session.notes.map((note) => `  ${labelOf(session, sessions)}: ${note}`),
  );
  const misspelt = run.events
    .filter(({ errorCode }) => errorCode === 'ERR_SESSION_UNKNOWN')
    .flatMap(({ failure }) => (failure ? [`  ${failure.failed} ${failure.next}`] : []));
  const total = `  ${countOf(totals.signIns, 'sign-in')}, ${countOf(totals.vaultRequests, 'vault request')}${formatBudgets(vaultBudgets, run.shards !== undefined)}, ${countOf(totals.codes, 'code')}`;
  const warned = warnings.map((warning) => `  warning: ${warning}`);
  return ['Auth sessions', ...table, ...new Set(misspelt), ...notes, ...warned, total, ''].join('\n');
}

/** ` (491 left)`, of `maxVaultRequests`. Each shard has its own limit. */
function formatBudgets(budgets: readonly VaultBudget[], isMerged: boolean): string {
  if (budgets.length === 0) return '';
  const parts = budgets.map(({ connection, left }) =>
    connection === undefined ? `${left} left` : `"${connection}": ${left} left`,
  );
  return ` (${parts.join(', ')}${isMerged ? ' in all shards' : ''})`;
}

/** Tests of the sign-in itself use only credentials. Skipped tests use nothing. */
function isUnused({ environment, uses, vaultReads }: RunSummary): boolean {
  return environment !== 'skip' && uses.length === 0 && vaultReads.length === 0;
}

const unusedHint =
  "Auth sessions: no test used one. A test names its session by test.use({ authSession: '…' }), with test from playwright-auth-sessions.";

/** The session's name, with the base URL if the run used it with several. */
export function labelOf({ session, baseURL }: SessionSummary, all: readonly SessionSummary[]): string {
  const isAlone = all.filter((one) => one.session === session).length === 1;
  return isAlone || baseURL === undefined ? session : `${session} (${baseURL})`;
}

function formatRow(session: SessionSummary, label: string): string[] {
  return [
    label,
    session.errorCode ? `${session.outcome} ${session.errorCode}` : session.outcome,
    `${(session.durationMs / 1000).toFixed(1)} s`,
    String(session.signIns),
    String(session.waiters),
    String(session.handedOut),
  ];
}
