import type { AuthSessionsError } from '../../core/errors.js';
import { isThere, type Facts } from './gather-facts.js';
import { ok, troubleOf, type Check, type Told } from './finding.js';

/** Whether the sessions file loads, and is right. */
export const sessionsFile: Check = {
  id: 'sessions-file',
  examine(facts) {
    const own = errorsOf(facts).filter(({ code }) => !isAboutFlow(code));
    if (own.length > 0) return own.map(troubleOf);
    return told(facts, ({ sessions }) => `Sessions: ${[...sessions.keys()].join(', ')}`);
  },
};

/** Whether every flow loads. */
export const flows: Check = {
  id: 'flows',
  examine(facts) {
    const own = errorsOf(facts).filter(({ code }) => isAboutFlow(code));
    if (own.length > 0) return own.map(troubleOf);
    return told(facts, ({ sessions }) => {
      const count = [...sessions.values()].filter(({ flow }) => flow).length;
      return `Flows: of ${count} session${count === 1 ? '' : 's'}, loaded`;
    });
  },
};

type Loaded = Extract<NonNullable<Facts['sessions']>, { is: unknown }>['is'];

function errorsOf({ sessions }: Facts): readonly AuthSessionsError[] {
  return sessions && !isThere(sessions) ? sessions.errors : [];
}

function told({ sessions }: Facts, text: (loaded: Loaded) => string): readonly Told[] {
  return isThere(sessions) ? [ok(text(sessions.is))] : [];
}

function isAboutFlow(code: string): boolean {
  return code.startsWith('ERR_FLOW_');
}
