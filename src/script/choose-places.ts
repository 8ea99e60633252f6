import { Buffer } from 'node:buffer';
import { distinctPlaces } from '../core/distinct-places.js';
import { AuthSessionsError } from '../core/errors.js';
import type { SessionPlace } from '../core/ports.js';
import { publicUrl } from '../core/public-url.js';
import { formatSuggestion } from '../core/suggest-name.js';
import type { ProjectPlan } from '../wire/messages.js';

export interface PlaceChoice {
  readonly project?: string | undefined;
  readonly baseURL?: string | undefined;
}

/** Where a script uses sessions, and how it opens them there. */
export interface ChosenPlaces {
  /** One for each base URL. */
  readonly places: readonly SessionPlace[];
  /** The only place, for a session that sets no base URL. @throws AuthSessionsError `ERR_USAGE` if there are several */
  readonly only: (session: string) => SessionPlace;
  readonly planOf: (place: SessionPlace) => ProjectPlan;
}

/** @throws AuthSessionsError `ERR_USAGE` for an unknown project */
export function choosePlaces(
  projects: readonly ProjectPlan[],
  { project, baseURL }: PlaceChoice,
): ChosenPlaces {
  const chosen = project === undefined ? projects : projects.filter(({ name }) => name === project);
  const [first] = chosen;
  if (!first) throw noSuchProject(project ?? '', projects);
  const places = baseURL === undefined ? distinctPlaces(chosen) : [{ baseURL, project: first.name }];
  return {
    places,
    only(session) {
      const [one, ...others] = places;
      if (one && others.length === 0) return one;
      throw several(session, places);
    },
    planOf: (place) => withBuffers(projects.find(({ name }) => name === place.project) ?? first),
  };
}

/** Certificates of the config, as JSON carries them. */
function withBuffers(plan: ProjectPlan): ProjectPlan {
  return JSON.parse(JSON.stringify(plan), (_key, value: unknown) =>
    isBuffer(value) ? Buffer.from(value.data) : value,
  ) as ProjectPlan;
}

function isBuffer(value: unknown): value is { readonly data: number[] } {
  return typeof value === 'object' && value !== null && 'type' in value && value.type === 'Buffer';
}

function noSuchProject(project: string, projects: readonly ProjectPlan[]): AuthSessionsError {
  return new AuthSessionsError('ERR_USAGE', {
    failed: `There is no Playwright project "${project}".`,
    next: formatSuggestion(
      project,
      projects.map(({ name }) => name).filter((name) => name !== ''),
    ),
  });
}

function several(session: string, places: readonly SessionPlace[]): AuthSessionsError {
  const known = places.map(({ baseURL, project }) => `${publicUrl(baseURL) ?? 'none'} (${project ?? '-'})`);
  return new AuthSessionsError(
    'ERR_USAGE',
    {
      failed: `Session "${session}" is used at several base URLs.`,
      known: `They are ${known.join(', ')}.`,
      next: 'Choose one: openAuthSessions({ project }) or openAuthSessions({ baseURL }).',
    },
    { session },
  );
}
