import path from 'node:path';
import type { ConfinedSecrets } from '../../credentials/confined-secrets.js';
import { loadAuthSessions, type LoadedAuthSessions } from '../../declaration/load-auth-sessions.js';
import { lookAtVault, type VaultFacts } from '../engine/look-at-vault.js';
import { findConfigFile } from '../suite/find-suite.js';
import type { SuiteDescription } from '../suite/suite-description.js';
import { readSuite } from '../suite/read-suite.js';
import type { CommandContext } from '../terminal/command-context.js';
import { after, isThere, maybe, type Maybe } from '../terminal/maybe.js';

/** What the checks examine. Anything unavailable is an error, and what depends on it is `undefined`. */
export interface Facts extends VaultFacts {
  readonly context: CommandContext;
  /** The config's folder, or else the working directory. */
  readonly folder: string;
  readonly configFile: Maybe<string>;
  readonly description: Maybe<SuiteDescription> | undefined;
  readonly secrets: ConfinedSecrets | undefined;
  readonly sessions: Maybe<LoadedAuthSessions> | undefined;
}

/** Gathers as much as possible: only what depends on a broken part is left out. */
export async function gatherFacts(config: string | undefined, context: CommandContext): Promise<Facts> {
  const configFile = await maybe(() => findConfigFile({ config }, context.folder));
  const description = await after(configFile, (file) => readSuite(file, context));
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
