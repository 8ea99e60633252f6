import { formatSuggestion } from '../../core/suggest-name.js';
import { isThere } from '../terminal/maybe.js';
import { ok, trouble, type Check } from './finding.js';

/** Whether the sessions that projects name in `use.authSession` are declared. Their tests would all fail. */
export const projectSessions: Check = {
  id: 'project-sessions',
  examine({ sessions, description }) {
    if (!isThere(sessions) || !isThere(description)) return [];
    const declared = [...sessions.is.sessions.values()];
    // Tests name the pool: a worker gets one of its accounts.
    const known = [...new Set(declared.map(({ name, account }) => account?.pool ?? name))];
    const asked = new Map<string, string[]>();
    for (const { name, authSession } of description.is.projects)
      if (authSession !== undefined) asked.set(authSession, [...(asked.get(authSession) ?? []), name]);
    const unknown = [...asked].filter(([session]) => !known.includes(session));
    if (unknown.length === 0)
      return asked.size > 0 ? [ok(`Projects: use ${[...asked.keys()].join(', ')}`)] : [];
    return unknown.map(([session, names]) =>
      trouble(
        `${subjectOf(names)} the session "${session}", which is not declared.`,
        'Correct authSession in the Playwright config, or declare the session in the sessions file.',
        formatSuggestion(session, known),
      ),
    );
  },
};

/** A config without projects has one without a name. */
function subjectOf(projects: readonly string[]): string {
  const named = projects.filter((name) => name !== '').map((name) => `"${name}"`);
  if (named.length === 0) return 'The Playwright config uses';
  return named.length === 1 ? `Project ${named[0]} uses` : `Projects ${named.join(', ')} use`;
}
