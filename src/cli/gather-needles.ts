import path from 'node:path';
import { loadAuthSessions, type LoadedAuthSessions } from '../broker/load-auth-sessions.js';
import { secretVariables } from '../broker/vault-credential.js';
import { sessionDefaults } from '../core/auth-session.js';
import { joinErrors } from '../core/errors.js';
import type { Redactor } from '../core/redactor.js';
import { SecretValue } from '../core/secret-value.js';
import { readDotenv } from '../vault/read-dotenv.js';
import { parseTotpSeed } from '../vault/totp-seed.js';
import type { CommandContext } from './command-context.js';
import { isThere, lookAtVault } from './doctor/gather-facts.js';
import type { FoundProject } from './find-project.js';
import { localKeysOf } from './local-keys.js';
import { withEngine } from './open-engine.js';

/**
 * Has the context's redactor know what is to be searched for: what the store holds, the local credentials, the
 * vault's credential and the store's key, and with `vault` what the vault has now. Gives how many they are.
 */
export async function gatherNeedles(
  project: FoundProject,
  { vault }: { readonly vault: boolean },
  context: CommandContext,
): Promise<number> {
  const { redactor } = context;
  const { vaultCredential, storeKey, workload } = project.secrets;
  const known = [
    [vaultCredential?.value, 'vault credential'],
    [storeKey, secretVariables.storeKey],
    [workload.requestToken, secretVariables.requestToken],
    [workload.integrationKey, secretVariables.integrationKey],
  ] as const;
  for (const [value, label] of known) if (value !== undefined) redactor.add(new SecretValue(value, label));
  const sessions = await loadAuthSessions(project.sessionsFile, context.env);
  await addLocalCredentials(sessions, project.folder, redactor);
  // Opening a state is what makes the redactor know it.
  await withEngine(project, {}, context, ({ desk }) => desk.entries(project.places));
  if (vault) await addVaultValues(project, sessions, context);
  return [...redactor.secrets()].length;
}

/** Every value of the files, whether a session uses it or not; of seeds also what their URIs hold. */
async function addLocalCredentials(
  { options, sessions }: LoadedAuthSessions,
  folder: string,
  redactor: Redactor,
): Promise<void> {
  const keys = new Map(localKeysOf([...sessions.values()]).map((one) => [one.key, one]));
  for (const file of options.local?.files ?? sessionDefaults.localFiles)
    for (const [key, value] of Object.entries((await readDotenv(path.resolve(folder, file))) ?? {})) {
      const use = keys.get(key);
      const label = use?.usedAs[0] ?? key;
      if (value !== '') redactor.add(new SecretValue(value, label));
      if (value !== '' && use?.reference.kind === 'totp') addSeed(value, label, redactor);
    }
}

function addSeed(value: string, label: string, redactor: Redactor): void {
  try {
    redactor.add(new SecretValue(parseTotpSeed(value, label).secret, `${label} seed`));
  } catch {
    // No seed: then there is none to find. doctor tells of it.
  }
}

/** @throws AuthSessionsError of everything that the vault does not answer */
async function addVaultValues(
  { folder, secrets }: FoundProject,
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
