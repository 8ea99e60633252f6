import { accountName } from '../../core/pool-account.js';
import type { DeclaredSession } from '../../core/declared-session.js';
import { AuthSessionsError, joinErrors } from '../../core/errors.js';
import { publicUrl } from '../../core/public-url.js';
import { formatSuggestion } from '../../core/suggest-name.js';
import type { SessionEntry } from '../../session/session-entry.js';
import type { FoundSuite } from '../suite/find-suite.js';
import { usageError } from '../terminal/usage-error.js';
import type { Engine } from './with-engine.js';

export interface EntryChoice {
  readonly names: readonly string[];
  /** Without names: use all sessions that `wanted` accepts. */
  readonly all: boolean;
  readonly wanted: (entry: SessionEntry) => boolean;
}

/**
 * The entries of the sessions named on the command line, in that order, at each place.
 *
 * @throws AuthSessionsError `ERR_SESSION_UNKNOWN`, `ERR_USAGE`
 */
export async function chooseEntries(
  { names, all, wanted }: EntryChoice,
  suite: Pick<FoundSuite, 'places'>,
  { desk }: Engine,
): Promise<readonly SessionEntry[]> {
  if (names.length === 0 && !all) throw usageError('No session is named.', 'Name sessions, or use --all.');
  if (names.length > 0 && all)
    throw usageError('Session names and --all are used together.', 'Omit one of them.');
  requireKnown(names, knownNames(desk.sessions));
  const entries = await desk.entries(suite.places);
  if (all) return entries.filter(wanted);
  const chosen = names.flatMap((name) =>
    entries.filter(({ session }) => session.name === name || session.account?.pool === name),
  );
  return [...new Set(chosen)];
}

/**
 * The entry of a session that is used at only one place.
 *
 * @throws AuthSessionsError `ERR_SESSION_UNKNOWN`, `ERR_USAGE` when there are several base URLs to choose from
 */
export async function chooseEntry(
  name: string,
  suite: Pick<FoundSuite, 'places'>,
  { desk }: Engine,
): Promise<SessionEntry> {
  requireKnown([name], knownNames(desk.sessions));
  const pool = [...desk.sessions.values()].find(({ account }) => account?.pool === name)?.account;
  if (pool)
    throw usageError(
      `"${name}" is a pool of ${pool.of} accounts.`,
      `Choose one of them, as "${accountName(name, 1)}".`,
    );
  const entries = (await desk.entries(suite.places)).filter(({ session }) => session.name === name);
  const [only, ...others] = entries;
  if (only && others.length === 0) return only;
  const places = entries.map(
    ({ baseURL, place }) => `${publicUrl(baseURL) ?? 'none'} (${place.project ?? '-'})`,
  );
  throw usageError(
    `Session "${name}" is used at several base URLs.`,
    'Choose one with --project or --base-url.',
    `They are ${places.join(', ')}.`,
  );
}

/** All sessions, and the pools that accounts belong to. */
function knownNames(sessions: ReadonlyMap<string, DeclaredSession>): string[] {
  const pools = [...sessions.values()].flatMap(({ account }) => account?.pool ?? []);
  return [...new Set([...pools, ...sessions.keys()])];
}

function requireKnown(names: readonly string[], known: readonly string[]): void {
  const errors = names
    .filter((name) => !known.includes(name))
    .map(
      (name) =>
        new AuthSessionsError(
          'ERR_SESSION_UNKNOWN',
          { failed: `There is no session "${name}".`, next: formatSuggestion(name, known) },
          { session: name },
        ),
    );
  if (errors.length > 0) throw joinErrors(errors);
}
