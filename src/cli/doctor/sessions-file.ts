import { countOf } from '../../core/count-of.js';
import type { AuthSessionsError } from '../../core/errors.js';
import { environmentPlaceholder } from '../init/answers.js';
import { workloadPlaceholder } from '../init/session-files.js';
import { isThere } from '../terminal/maybe.js';
import { ok, troubleOf, warning, type Check, type Told } from './finding.js';
import type { Facts } from './gather-facts.js';

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
      return `Flows: of ${countOf(count, 'session')}, loaded`;
    });
  },
};

/** Values that `init` leaves to be filled in. */
function placeholders({ sessions }: Facts): readonly Told[] {
  if (!isThere(sessions)) return [];
  const { auth } = sessions.is.options.onePassword ?? {};
  const references = [...sessions.is.sessions.values()].flatMap(({ values }) => [...values.values()]);
  const isMissing = references.some(
    (one) => one.source === 'environment' && one.environment === environmentPlaceholder,
  );
  return [
    ...(auth?.workloadIdentity?.workloadUuid === workloadPlaceholder
      ? [
          warning(
            'The UUID of the workload is missing.',
            'Put it into the sessions file. 1Password shows it next to the workload.',
            `onePassword.auth.workloadIdentity.workloadUuid is '${workloadPlaceholder}'.`,
          ),
        ]
      : []),
    ...(isMissing
      ? [
          warning(
            'The ID of the Environment is missing.',
            'Put it into the sessions file. In 1Password: Manage environment > Copy environment ID.',
            `References name the Environment '${environmentPlaceholder}'.`,
          ),
        ]
      : []),
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
