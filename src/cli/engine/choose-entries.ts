import type { SessionEntry } from '../../session/session-desk.js';
import { AuthSessionsError, joinErrors } from '../../core/errors.js';
import { formatSuggestion } from '../../core/suggest-name.js';
import { publicUrl } from '../../core/public-url.js';
import type { FoundProject } from '../project/find-project.js';
import type { Engine } from './open-engine.js';
import { usageError } from '../terminal/usage-error.js';

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
  project: Pick<FoundProject, 'places'>,
  { desk }: Engine,
): Promise<readonly SessionEntry[]> {
  if (names.length === 0 && !all) throw usageError('No session is named.', 'Name sessions, or use --all.');
  if (names.length > 0 && all)
    throw usageError('Session names and --all are used together.', 'Omit one of them.');
  requireKnown(names, [...desk.sessions.keys()]);
  const entries = await desk.entries(project.places);
  if (all) return entries.filter(wanted);
  return [...new Set(names)].flatMap((name) => entries.filter(({ session }) => session.name === name));
}

/**
 * The entry of a session that is used at only one place.
 *
 * @throws AuthSessionsError `ERR_SESSION_UNKNOWN`, `ERR_USAGE` when there are several base URLs to choose from
 */
export async function chooseEntry(
  name: string,
  project: Pick<FoundProject, 'places'>,
  { desk }: Engine,
): Promise<SessionEntry> {
  requireKnown([name], [...desk.sessions.keys()]);
  const entries = (await desk.entries(project.places)).filter(({ session }) => session.name === name);
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
