import { decideEnvironment, type EnvironmentDecision } from '../../core/environment.js';
import { isSwitchedOn } from '../../core/is-switched-on.js';
import type { Vault } from '../../core/ports.js';
import { chooseVaultAuth } from '../../credentials/choose-vault-auth.js';
import { openVault } from '../../credentials/open-vault.js';
import type { ConfinedSecrets } from '../../credentials/confined-secrets.js';
import { registerConfinedSecrets } from '../../credentials/register-confined-secrets.js';
import type { LoadedAuthSessions } from '../../declaration/load-auth-sessions.js';
import type { CommandContext } from '../terminal/command-context.js';
import { after, isThere, maybe, type Maybe } from '../terminal/maybe.js';
import { resolveReferences, type ResolvedReferences } from './resolve-references.js';

/** Facts that depend on something unavailable are `undefined`. */
export interface VaultFacts {
  readonly environment: Maybe<EnvironmentDecision> | undefined;
  readonly vault: Maybe<Vault> | undefined;
  readonly references: ResolvedReferences | undefined;
}

export interface LookAtVaultOptions {
  readonly context: CommandContext;
  /** Folder of the suite. */
  readonly folder: string;
  readonly secrets: ConfinedSecrets | undefined;
  readonly sessions: Maybe<LoadedAuthSessions> | undefined;
}

/** Decides where credentials come from, opens the vault, and resolves every reference. */
export async function lookAtVault({
  context,
  folder,
  secrets,
  sessions,
}: LookAtVaultOptions): Promise<VaultFacts> {
  if (!secrets || !isThere(sessions))
    return { environment: undefined, vault: undefined, references: undefined };
  const { clock, redactor, env, progress, signal } = context;
  registerConfinedSecrets(secrets, redactor);
  const { options: suite, sessions: declared } = sessions.is;
  const { auth, facts } = chooseVaultAuth(suite, { ...secrets, onCi: isSwitchedOn(env.CI) });
  const environment = await maybe(() => decideEnvironment(suite, facts));
  const deployed = isThere(environment) && environment.is.environment === 'deployed';
  const vault = await after(environment, () =>
    openVault({
      suite,
      auth: deployed ? auth : undefined,
      sessions: declared,
      redactor,
      clock,
      random: Math.random,
      folder,
    }),
  );
  const skips = isThere(environment) && environment.is.environment === 'skip';
  const references =
    isThere(vault) && !skips
      ? await progress.during('resolving references', () =>
          resolveReferences([...declared.values()], { vault: vault.is, redactor, signal }),
        )
      : undefined;
  return { environment, vault, references };
}
