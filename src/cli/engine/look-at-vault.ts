import { decideEnvironment, type EnvironmentDecision } from '../../core/environment.js';
import { isSwitchedOn } from '../../core/is-switched-on.js';
import type { Vault } from '../../core/ports.js';
import { SecretValue } from '../../core/secret-value.js';
import type { ConnectionName } from '../../core/vault-connection.js';
import { labelOf } from '../../credentials/choose-vault-auth.js';
import { chooseVaultAuths, type VaultAuthChoices } from '../../credentials/choose-vault-auths.js';
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
  readonly vaults: Maybe<ReadonlyMap<ConnectionName, Vault>> | undefined;
  /** The tokens of a deployed run. The store's key is derived from the first one, unless it is set. */
  readonly tokens: ReadonlyMap<ConnectionName, SecretValue>;
  readonly references: ResolvedReferences | undefined;
}

export interface LookAtVaultOptions {
  readonly context: CommandContext;
  /** Folder of the suite. */
  readonly folder: string;
  readonly secrets: ConfinedSecrets | undefined;
  readonly sessions: Maybe<LoadedAuthSessions> | undefined;
}

/** Decides where credentials come from, opens the vaults, and resolves every reference. */
export async function lookAtVault({
  context,
  folder,
  secrets,
  sessions,
}: LookAtVaultOptions): Promise<VaultFacts> {
  if (!secrets || !isThere(sessions))
    return { environment: undefined, vaults: undefined, references: undefined, tokens: new Map() };
  const { clock, redactor, env, progress, signal } = context;
  registerConfinedSecrets(secrets, redactor);
  const { options: suite, sessions: declared } = sessions.is;
  const chosen = await maybe(() =>
    chooseVaultAuths(
      { suite, sessions: declared.values() },
      { ...secrets, onCi: isSwitchedOn(env.CI), onToken: (token) => redactor.add(token) },
    ),
  );
  const choices = isThere(chosen) ? chosen.is.choices : new Map<never, never>();
  const tokens = tokensOf(choices);
  for (const token of tokens.values()) redactor.add(token);
  const environment = isThere(chosen) ? await maybe(() => decideEnvironment(suite, chosen.is.facts)) : chosen;
  const deployed = isThere(environment) && environment.is.environment === 'deployed';
  const shared = { suite, sessions: declared, redactor, clock, random: Math.random, folder };
  const vaults = await after(
    environment,
    () =>
      new Map(
        [...choices].map(([name, { auth }]) => [
          name,
          openVault({ ...shared, name, auth: deployed ? auth : undefined }),
        ]),
      ),
  );
  const skips = isThere(environment) && environment.is.environment === 'skip';
  const references =
    isThere(vaults) && !skips
      ? await progress.during('resolving references', () =>
          resolveReferences([...declared.values()], { vaults: vaults.is, redactor, signal }),
        )
      : undefined;
  return { environment, vaults, references, tokens: deployed ? tokens : new Map() };
}

function tokensOf(choices: VaultAuthChoices['choices']): Map<ConnectionName, SecretValue> {
  return new Map(
    [...choices].flatMap(([name, { token }]) =>
      token ? [[name, new SecretValue(token.value, labelOf(name))] as const] : [],
    ),
  );
}
