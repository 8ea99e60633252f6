import { joinErrors } from '../../core/errors.js';
import { requireVariables } from '../../core/require-variables.js';
import { registerLocalCredentials } from '../../credentials/register-local-credentials.js';
import { registerConfinedSecrets } from '../../credentials/register-confined-secrets.js';
import { loadAuthSessions, type LoadedAuthSessions } from '../../declaration/load-auth-sessions.js';
import type { FoundSuite } from '../suite/find-suite.js';
import type { CommandContext } from '../terminal/command-context.js';
import { isThere } from '../terminal/maybe.js';
import { lookAtVault } from './look-at-vault.js';
import { withEngine } from './with-engine.js';

/**
 * Registers everything to search for with the context's redactor: stored states, the local credentials, the vault's
 * credential and the store's key, and with `vault` the vault's current values. Declared secrets are registered when the
 * config is read. Returns how many there are.
 *
 * @throws AuthSessionsError `ERR_SECRET_MISSING`
 */
export async function gatherNeedles(
  suite: FoundSuite,
  { vault }: { readonly vault: boolean },
  context: CommandContext,
): Promise<number> {
  requireVariables(suite.unset);
  const { redactor } = context;
  registerConfinedSecrets(suite.secrets, redactor);
  const sessions = await context.progress.during('loading the sessions', () =>
    loadAuthSessions(suite.sessionsFile, context.env),
  );
  await registerLocalCredentials(sessions, { folder: suite.folder, redactor, undeclared: true });
  // Opening a state registers its secrets with the redactor.
  await withEngine({ suite, context, needsVault: false }, ({ desk }) => desk.entries(suite.places));
  if (vault) await addVaultValues(suite, sessions, context);
  return [...redactor.secrets()].length;
}

/** @throws AuthSessionsError for all references that the vault cannot resolve */
async function addVaultValues(
  { folder, secrets }: FoundSuite,
  sessions: LoadedAuthSessions,
  context: CommandContext,
): Promise<void> {
  const { environment, vaults, references } = await lookAtVault({
    context,
    folder,
    secrets,
    sessions: { is: sessions },
  });
  const all = [
    ...(environment && !isThere(environment) ? environment.errors : []),
    ...(vaults && !isThere(vaults) ? vaults.errors : []),
    ...(references?.errors ?? []),
  ];
  if (all.length > 0) throw joinErrors(all);
}
