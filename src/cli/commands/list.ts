import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { flowFile, isAuthFlow, type AuthFlow } from '../../core/auth-flow.js';
import type { DeclaredSession } from '../../core/declared-session.js';
import { expiryOf, formatEnd, freshnessOf, type Freshness } from '../../core/entry-freshness.js';
import { publicUrl } from '../../core/public-url.js';
import type { SessionEntry } from '../../session/session-entry.js';
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
  const rows = entries.map((entry) => describe(entry, { engine, nowMs, folder: suite.folder }));
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

/** A session at one base URL. Times are in ISO 8601. */
export interface ListedSession {
  readonly name: string;
  readonly baseURL: string | null;
  readonly type: string;
  /** Path of the flow's file, relative to the config's folder. */
  readonly flow: string | null;
  /** Whether the flow has a check. */
  readonly check: boolean;
  /** `missing`: a vault credential is needed but not set. */
  readonly environment: 'deployed' | 'local' | 'skip' | 'missing' | 'none';
  readonly state: Freshness;
  readonly signedInAt: string | null;
  readonly checkedAt: string | null;
  /** When its last check found it signed out. */
  readonly signedOutAt: string | null;
  readonly ageSeconds: number | null;
  readonly expiresAt: string | null;
  /** `ttlSeconds`, `cookie NAME` or `token NAME`. */
  readonly expiresBy: string | null;
  /** Why the stored entry is not used. */
  readonly unusable: string | null;
}

function describe(
  { session, baseURL, record, rejection }: SessionEntry,
  { engine, nowMs, folder }: { engine: Engine; nowMs: number; folder: string },
): ListedSession {
  const expiry = record && expiryOf(record, session);
  return {
    name: session.name,
    baseURL: publicUrl(baseURL) ?? null,
    type: session.type,
    flow: flowFileOf(session.flow, folder),
    check: session.flow?.check !== undefined,
    environment: environmentOf(session, engine),
    state: freshnessOf(record, session, nowMs),
    signedInAt: record ? new Date(record.createdAtMs).toISOString() : null,
    checkedAt: record ? new Date(record.checkedAtMs).toISOString() : null,
    signedOutAt: record?.signedOutAtMs === undefined ? null : new Date(record.signedOutAtMs).toISOString(),
    ageSeconds: record ? Math.round((nowMs - record.createdAtMs) / 1000) : null,
    expiresAt: expiry ? new Date(expiry.atMs).toISOString() : null,
    expiresBy: expiry ? formatEnd(expiry.by) : null,
    unusable: rejection ?? null,
  };
}

function environmentOf({ type }: DeclaredSession, { greeting, vaultMissing }: Engine) {
  if (type !== 'credentials') return 'none';
  return vaultMissing ? 'missing' : greeting.decision.environment;
}

function flowFileOf(flow: AuthFlow<string> | undefined, folder: string): string | null {
  const file = isAuthFlow(flow) ? flow[flowFile] : undefined;
  if (file === undefined) return null;
  return path.relative(folder, file.startsWith('file:') ? fileURLToPath(file) : file);
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
  const heads = ['session', ...(places.size > 1 ? ['base URL'] : [])];
  const head = [...heads, 'type', 'flow', 'environment', 'state', 'age', 'expires'];
  const lines = rows.map((row) => [
    style.strong(row.name),
    ...(places.size > 1 ? [row.baseURL ?? '-'] : []),
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

function formatExpiry({ expiresAt, expiresBy, signedOutAt, unusable }: ListedSession, nowMs: number): string {
  if (unusable !== null) return `not usable: ${unusable}`;
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
