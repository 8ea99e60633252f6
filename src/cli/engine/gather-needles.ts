import { joinErrors } from '../../core/errors.js';
import { secretsOfRedisUrl } from '../../core/redis-url.js';
import { requireVariables } from '../../core/require-variables.js';
import { SecretValue } from '../../core/secret-value.js';
import { registerLocalCredentials } from '../../credentials/register-local-credentials.js';
import { confinedVariables } from '../../credentials/confined-secrets.js';
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
  const { vaultCredential, storeKey, storeUrl, workload } = suite.secrets;
  const known = [
    [vaultCredential?.value, 'vault credential'],
    [storeKey, confinedVariables.storeKey],
    ...secretsOfRedisUrl(storeUrl).map((value) => [value, confinedVariables.storeUrl] as const),
    [workload.requestToken, confinedVariables.requestToken],
    [workload.integrationKey, confinedVariables.integrationKey],
  ] as const;
  for (const [value, label] of known) if (value !== undefined) redactor.add(new SecretValue(value, label));
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
  const { environment, vault, references } = await lookAtVault({
    context,
    folder,
    secrets,
    sessions: { is: sessions },
  });
  const all = [
    ...(environment && !isThere(environment) ? environment.errors : []),
    ...(vault && !isThere(vault) ? vault.errors : []),
    ...(references?.errors ?? []),
  ];
  if (all.length > 0) throw joinErrors(all);
}
