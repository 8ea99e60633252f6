import path from 'node:path';
import { chooseVaultAuth } from '../../credentials/choose-vault-auth.js';
import { loadAuthSessions, type LoadedAuthSessions } from '../../declaration/load-auth-sessions.js';
import { openVault } from '../../credentials/open-vault.js';
import type { RunSecrets } from '../../credentials/vault-credential.js';
import { decideEnvironment, type EnvironmentDecision } from '../../core/environment.js';
import type { AuthSessionsError } from '../../core/errors.js';
import type { Vault } from '../../core/ports.js';
import { SecretValue } from '../../core/secret-value.js';
import type { CommandContext } from '../terminal/command-context.js';
import { findConfigFile } from '../project/find-project.js';
import { errorsOf } from '../terminal/format-error.js';
import type { ProjectDescription } from '../project/project-description.js';
import { readProject } from '../project/read-project.js';
import { resolveReferences, type ResolvedReferences } from './resolve-references.js';

/** What the checks look at. What could not be had is an error; what depends on it is `undefined`. */
export interface Facts {
  readonly context: CommandContext;
  /** Of the config, else where the command was called. */
  readonly folder: string;
  readonly configFile: Maybe<string>;
  readonly description: Maybe<ProjectDescription> | undefined;
  readonly secrets: RunSecrets | undefined;
  readonly sessions: Maybe<LoadedAuthSessions> | undefined;
  readonly environment: Maybe<EnvironmentDecision> | undefined;
  readonly vault: Maybe<Vault> | undefined;
  readonly references: ResolvedReferences | undefined;
}

/** Something, or why there is none. */
export type Maybe<Thing> = { readonly is: Thing } | { readonly errors: readonly AuthSessionsError[] };

/** Goes as far as it can: what is broken keeps only that from being looked at which depends on it. */
export async function gatherFacts(config: string | undefined, context: CommandContext): Promise<Facts> {
  const configFile = await maybe(() => findConfigFile({ config }, context.folder));
  const description = await after(configFile, (file) => readProject(file, context));
  const folder = isThere(configFile) ? path.dirname(configFile.is) : context.folder;
  const described = isThere(description) ? description.is : undefined;
  const secrets = described && !('error' in described.secrets) ? described.secrets : undefined;
  const sessionsFile = described?.sessionsFile;
  const sessions =
    sessionsFile === undefined
      ? undefined
      : await maybe(() => loadAuthSessions(path.resolve(folder, sessionsFile), context.env));
  const vaultFacts = await lookAtVault({ context, folder, secrets, sessions });
  return { context, folder, configFile, description, secrets, sessions, ...vaultFacts };
}

export function isThere<Thing>(maybe: Maybe<Thing> | undefined): maybe is { readonly is: Thing } {
  return maybe !== undefined && 'is' in maybe;
}

/** Decides where credentials come from, opens the vault, and resolves every reference. */
export async function lookAtVault({
  context,
  folder,
  secrets,
  sessions,
}: Pick<Facts, 'context' | 'folder' | 'secrets' | 'sessions'>): Promise<
  Pick<Facts, 'environment' | 'vault' | 'references'>
> {
  if (!secrets || !isThere(sessions))
    return { environment: undefined, vault: undefined, references: undefined };
  const { clock, redactor, env, progress, signal } = context;
  for (const [value, label] of [
    [secrets.vaultCredential?.value, 'vault credential'],
    [secrets.storeKey, 'AUTH_SESSIONS_KEY'],
  ] as const)
    if (value !== undefined) redactor.add(new SecretValue(value, label));
  const { options: project, sessions: declared } = sessions.is;
  const { auth, facts } = chooseVaultAuth(project, { ...secrets, onCi: isSet(env.CI) });
  const environment = await maybe(() => decideEnvironment(project, facts));
  const deployed = isThere(environment) && environment.is.environment === 'deployed';
  const vault = await after(environment, () =>
    openVault({
      project,
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

async function maybe<Thing>(act: () => Thing | Promise<Thing>): Promise<Maybe<Thing>> {
  try {
    return { is: await act() };
  } catch (error) {
    return { errors: errorsOf(error) };
  }
}

async function after<Before, Thing>(
  before: Maybe<Before>,
  act: (before: Before) => Thing | Promise<Thing>,
): Promise<Maybe<Thing> | undefined> {
  return isThere(before) ? maybe(() => act(before.is)) : undefined;
}

function isSet(value: string | undefined): boolean {
  return value !== undefined && !['', '0', 'false'].includes(value.toLowerCase());
}
