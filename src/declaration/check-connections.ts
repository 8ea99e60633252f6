import type { SuiteOptions } from '../core/suite-options.js';
import type { DeclaredSession } from '../core/declared-session.js';
import { AuthSessionsError } from '../core/errors.js';
import { formatSuggestion } from '../core/suggest-name.js';

/** An error for each session that names a vault connection that `vaults` does not have. */
export function checkConnections(
  sessions: Iterable<DeclaredSession>,
  { vaults = {} }: Pick<SuiteOptions, 'vaults'>,
): AuthSessionsError[] {
  const wrong = new Map<string, AuthSessionsError>();
  for (const { name, vault, account } of sessions)
    if (vault !== undefined && !Object.hasOwn(vaults, vault)) {
      const session = account?.pool ?? name;
      wrong.set(session, unknownConnection(session, vault, Object.keys(vaults)));
    }
  return [...wrong.values()];
}

function unknownConnection(session: string, vault: string, known: readonly string[]): AuthSessionsError {
  return new AuthSessionsError(
    'ERR_CONFIG_INVALID',
    {
      failed: `Session "${session}": there is no vault connection ${JSON.stringify(vault)}.`,
      known: known.length === 0 ? 'The sessions file declares no "vaults".' : undefined,
      next:
        known.length === 0
          ? `Declare it: vaults: { ${JSON.stringify(vault)}: {} }.`
          : formatSuggestion(vault, known),
    },
    { session },
  );
}
