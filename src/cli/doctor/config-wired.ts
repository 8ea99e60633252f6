import type { SuiteDescription } from '../suite/suite-description.js';
import { isThere } from '../terminal/maybe.js';
import { ok, trouble, troubleOf, warning, type Check, type Told } from './finding.js';

/** Whether the Playwright config exists, loads, and uses `withAuthSessions` correctly. */
export const configWired: Check = {
  id: 'config-wired',
  examine({ configFile, description }) {
    if (!isThere(configFile)) return configFile.errors.map(troubleOf);
    if (!isThere(description)) return (description?.errors ?? []).map(troubleOf);
    return examineWiring(configFile.is, description.is);
  },
};

export function examineWiring(
  configFile: string,
  { sessionsFile, wiring }: SuiteDescription,
): readonly Told[] {
  if (sessionsFile === undefined)
    return [
      trouble(
        `${configFile} does not use auth sessions.`,
        "Write: export default defineConfig(withAuthSessions('./auth-flows/auth-sessions.ts', { … })).",
        'It was loaded, and withAuthSessions was not called.',
      ),
    ];
  const { reporters, globalSetups } = wiring;
  const lost = [
    ...(globalSetups && !globalSetups.some(isOurSetup) ? ['globalSetup'] : []),
    ...(reporters && !isOurReporter(reporters[0] ?? '') ? ['reporter'] : []),
  ];
  if (lost.length > 0)
    return lost.map((option) =>
      trouble(
        `${configFile} replaces the ${option} that withAuthSessions sets.`,
        `Put ${option} into the second argument of withAuthSessions.`,
        option === 'reporter'
          ? 'Its reporter must come first, so that the others see no secrets.'
          : 'Its global setup starts the process that signs in.',
      ),
    );
  if (reporters === undefined)
    return [
      warning(
        'Whether the reporter comes first could not be checked.',
        'Export the config itself: export default defineConfig(withAuthSessions(…)).',
      ),
    ];
  return [ok(`Config: ${configFile} uses withAuthSessions`)];
}

function isOurSetup(file: string): boolean {
  return /[\\/]fixtures[\\/]global-setup\.[jt]s$/.test(file);
}

function isOurReporter(file: string): boolean {
  return /[\\/]reports[\\/]reporter\.[jt]s$/.test(file);
}
