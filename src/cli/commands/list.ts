import type { Freshness } from '../../core/entry-freshness.js';
import { describeUnused } from '../../core/unused-reason.js';
import { listEntry, type ListedSession } from '../../session/listed-session.js';
import type { Engine } from '../engine/with-engine.js';
import type { FoundSuite } from '../suite/find-suite.js';
import type { CommandContext, CommandResult } from '../terminal/command-context.js';
import { formatDuration } from '../terminal/format-duration.js';
import { formatTable } from '../terminal/format-table.js';
import type { Style } from '../terminal/style.js';
import { suiteFlags, type SuiteFlags } from './command-options.js';
import { defineCommand } from './define-command.js';
import { formatEvents, listEvents, type ListedEvent } from './listed-events.js';
import { formatUses, listUses, type ListedUse } from './listed-uses.js';
import { watchSessions, type Look } from './watch-sessions.js';
import { withSuite } from './with-suite.js';

export const registerList = defineCommand<[], ListOptions>({
  name: 'list',
  description: 'list the sessions, their stored state, and who uses them',
  options: [['-w, --watch', 'look again every two seconds, until Ctrl-C']],
  shared: [...suiteFlags, 'json'],
  examples: ['list', 'list --watch', 'list --json'],
  act: (_given, options, context) => listSessions(options, context),
});

export interface ListOptions extends SuiteFlags {
  readonly watch?: boolean;
  readonly json?: boolean;
}

/** Only reads the store, which other machines may share: sends no vault request, and starts no browser. */
export async function listSessions(options: ListOptions, context: CommandContext): Promise<CommandResult> {
  return withSuite(options, { context, needsVault: false }, async (suite, engine) => {
    const look = () => lookAtStore(suite, engine, context);
    if (options.watch) return watchSessions(look, { context, json: options.json === true });
    return look();
  });
}

async function lookAtStore(suite: FoundSuite, engine: Engine, context: CommandContext): Promise<Look> {
  const { store } = engine.greeting;
  const entries = await engine.desk.entries(suite.places);
  const uses = listUses(await engine.readUses());
  const events = await listEvents(engine.readEvents);
  const nowMs = context.clock.nowMs();
  const rows = entries.map((entry) =>
    listEntry(entry, {
      ...engine.greeting,
      vaultMissing: engine.vaultMissing !== undefined,
      nowMs,
      folder: suite.folder,
    }),
  );
  return {
    data: { sessionsFile: suite.sessionsFile, store, sessions: rows, uses, events },
    text: format(rows, { store, uses, events, style: context.style, nowMs }),
    sameness: JSON.stringify([
      rows.map((row) => ({ ...row, ageSeconds: null })),
      uses.map((use) => ({ ...use, seconds: null })),
      events,
    ]),
  };
}

interface FormatOptions {
  readonly store: string;
  readonly uses: readonly ListedUse[];
  readonly events: readonly ListedEvent[];
  readonly style: Style;
  readonly nowMs: number;
}

function format(
  rows: readonly ListedSession[],
  { store, uses, events, style, nowMs }: FormatOptions,
): string {
  const places = new Set(rows.map(({ baseURL }) => baseURL));
  const vaults = new Set(rows.filter(readsVault).map(({ vault }) => vault));
  const heads = ['session', ...(places.size > 1 ? ['base URL'] : []), ...(vaults.size > 1 ? ['vault'] : [])];
  const head = [...heads, 'type', 'flow', 'environment', 'state', 'age', 'expires'];
  const lines = rows.map((row) => [
    style.strong(row.name),
    ...(places.size > 1 ? [row.baseURL ?? '-'] : []),
    ...(vaults.size > 1 ? [readsVault(row) ? (row.vault ?? 'own') : '-'] : []),
    row.type,
    row.flow ?? '-',
    row.environment,
    colourOf(row.state, style)(row.state),
    row.ageSeconds === null ? '-' : formatDuration(row.ageSeconds * 1000),
    formatExpiry(row, nowMs),
  ]);
  const table = formatTable([head.map(style.quiet), ...lines]);
  return `${table}\n\n${formatUses(uses, style)}${formatEvents(events, { style, nowMs })}${style.quiet(`Store: ${store}`)}`;
}

function readsVault({ type }: ListedSession): boolean {
  return type === 'credentials';
}

function formatExpiry({ expiresAt, expiresBy, signedOutAt, unusable }: ListedSession, nowMs: number): string {
  if (unusable !== null) return `not usable: ${describeUnused(unusable)}`;
  if (signedOutAt !== null)
    return `signed out, checked ${formatDuration(nowMs - Date.parse(signedOutAt))} ago`;
  if (expiresAt === null) return '-';
  const leftMs = Date.parse(expiresAt) - nowMs;
  const when = leftMs > 0 ? `in ${formatDuration(leftMs)}` : `${formatDuration(-leftMs)} ago`;
  return `${when} (${expiresBy ?? ''})`;
}

function colourOf(state: Freshness, style: Style): (text: string) => string {
  return { fresh: style.good, stale: style.warning, expired: style.trouble, none: style.quiet }[state];
}
