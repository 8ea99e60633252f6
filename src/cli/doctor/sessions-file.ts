import type { AuthSessionsError } from '../../core/errors.js';
import type { Facts } from './gather-facts.js';
import { isThere } from '../terminal/maybe.js';
import { workloadPlaceholder } from '../init/session-files.js';
import { ok, troubleOf, warning, type Check, type Told } from './finding.js';

/** Whether the sessions file loads and is valid. */
export const sessionsFile: Check = {
  id: 'sessions-file',
  examine(facts) {
    const own = errorsOf(facts).filter(({ code }) => !isAboutFlow(code));
    if (own.length > 0) return own.map(troubleOf);
    const listed = told(facts, ({ sessions }) => `Sessions: ${[...sessions.keys()].join(', ')}`);
    return [...listed, ...placeholders(facts)];
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

/** Values that `init` leaves to be filled in. */
function placeholders({ sessions }: Facts): readonly Told[] {
  const auth = isThere(sessions) ? sessions.is.options.onePassword?.auth : undefined;
  if (auth?.workloadIdentity?.workloadUuid !== workloadPlaceholder) return [];
  return [
    warning(
      'The UUID of the workload is missing.',
      'Put it into the sessions file. 1Password shows it next to the workload.',
      `onePassword.auth.workloadIdentity.workloadUuid is '${workloadPlaceholder}'.`,
    ),
  ];
}

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
