import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { AuthSessionsError } from '../core/errors.js';
import { tokenVariables, type ConnectionName } from '../core/vault-connection.js';
import { takeConnectionSecrets } from './connection-secrets.js';

/** Secrets that must not reach workers and browsers, which inherit the runner's environment. */
export interface ConfinedSecrets {
  /** The service account token, and the name of its variable. */
  readonly vaultCredential: TokenFound | undefined;
  readonly workload: ConfinedWorkload;
  readonly storeKey: string | undefined;
  /** URL of the Redis that holds the sessions; it may contain a password. */
  readonly storeUrl: string | undefined;
  /** Every variable of a named vault connection, by its name. Paths are absolute. */
  readonly ofConnections: Readonly<Record<string, string>>;
}

export interface TokenFound {
  readonly value: string;
  readonly source: string;
  /** The file to read again if the token is rejected during a run. */
  readonly file?: string | undefined;
  /** Set if other users can read it. */
  readonly warning?: string | undefined;
}

/** Secrets for the identity of a GitHub Actions job: https://docs.github.com/actions/reference/security/oidc */
export interface ConfinedWorkload {
  readonly requestUrl?: string | undefined;
  readonly requestToken?: string | undefined;
  /** 1Password's integration key. */
  readonly integrationKey?: string | undefined;
}

/** Variables that are removed, whether used or not; besides those of named vault connections. */
export const confinedVariables = {
  token: 'OP_SERVICE_ACCOUNT_TOKEN',
  tokenFile: 'OP_SERVICE_ACCOUNT_TOKEN_FILE',
  requestUrl: 'ACTIONS_ID_TOKEN_REQUEST_URL',
  requestToken: 'ACTIONS_ID_TOKEN_REQUEST_TOKEN',
  integrationKey: 'OP_INTEGRATION_KEY',
  storeKey: 'AUTH_SESSIONS_KEY',
  storeUrl: 'AUTH_SESSIONS_STORE_URL',
} as const;

let kept: Partial<Record<keyof typeof confinedVariables, string>> = {};
let keptOfConnections: Readonly<Record<string, string>> = {};

/**
 * Moves the vault's credential and the store's key from the environment into this module. Called while the config is
 * loaded, before any process starts. Calling it again keeps the first values.
 */
export function confineSecretsOf(env: NodeJS.ProcessEnv): void {
  const found = Object.entries(confinedVariables).map(
    ([name, variable]) => [name, take(env, variable)] as const,
  );
  kept = { ...kept, ...Object.fromEntries(found.filter(([, value]) => value !== undefined)) };
  keptOfConnections = { ...keptOfConnections, ...takeConnectionSecrets(env) };
}

/** A copy of an environment with what was moved out of it: for a process that reads the config again. */
export function withConfinedSecrets(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const found = Object.entries(kept).map(
    ([name, value]) => [confinedVariables[name as keyof typeof confinedVariables], value] as const,
  );
  return { ...env, ...Object.fromEntries(found), ...keptOfConnections };
}

/**
 * For workers, where a config that reads a dotenv file would set them again. Values are discarded. A worker keeps the
 * job's identity only if it was restored for tests.
 */
export function dropSecretsFrom(env: NodeJS.ProcessEnv): void {
  for (const [name, variable] of Object.entries(confinedVariables))
    if (!(jobIdentity as readonly string[]).includes(name)) Reflect.deleteProperty(env, variable);
  takeConnectionSecrets(env);
}

/**
 * Restores the variables for a GitHub Actions job's identity: tests may need it, unless it gives access to the vault.
 */
export function giveJobIdentityBackTo(env: NodeJS.ProcessEnv): void {
  for (const name of jobIdentity) if (kept[name] !== undefined) env[confinedVariables[name]] = kept[name];
}

const jobIdentity: readonly (keyof typeof confinedVariables)[] = ['requestUrl', 'requestToken'];

/** For the code that starts the broker. @throws AuthSessionsError see `findToken` */
export function confinedSecrets(): ConfinedSecrets {
  const { token, tokenFile, storeKey, storeUrl, ...workload } = kept;
  return {
    vaultCredential: findToken(token, tokenFile),
    workload,
    storeKey,
    storeUrl,
    ofConnections: keptOfConnections,
  };
}

/** The token of a vault connection. @throws AuthSessionsError see `findToken` */
export function tokenOf(
  name: ConnectionName,
  { vaultCredential, ofConnections }: Pick<ConfinedSecrets, 'vaultCredential' | 'ofConnections'>,
): TokenFound | undefined {
  if (name === undefined) return vaultCredential;
  const { token, tokenFile } = tokenVariables(name);
  return findToken(ofConnections[token], ofConnections[tokenFile], name);
}

/**
 * The token variable overrides a file with a token.
 *
 * @throws AuthSessionsError `ERR_VAULT_CREDENTIAL_INVALID` when the file cannot be read
 */
export function findToken(
  token: string | undefined,
  tokenFile: string | undefined,
  name?: ConnectionName,
): ConfinedSecrets['vaultCredential'] {
  const variables = tokenVariables(name);
  if (token !== undefined) return { value: token, source: variables.token };
  if (tokenFile === undefined) return undefined;
  const value = readToken(tokenFile, variables);
  const file = path.resolve(tokenFile);
  return { value, source: variables.tokenFile, file, warning: openToOthers(tokenFile) };
}

/**
 * The current content of a token's file; `undefined` if it is missing or empty, in which case the first rejection is
 * reported.
 */
export function rereadToken({ file }: TokenFound): string | undefined {
  try {
    return file === undefined ? undefined : readToken(file, tokenVariables(undefined));
  } catch {
    return undefined;
  }
}

/** Windows has no file modes. */
export function openToOthers(file: string, platform: NodeJS.Platform = process.platform): string | undefined {
  if (platform === 'win32' || (statSync(file).mode & otherUsers) === 0) return undefined;
  return `other users of this machine can access the vault credential in ${file}: run chmod 600 on it`;
}

function readToken(file: string, variables: ReturnType<typeof tokenVariables>): string {
  let known = 'It is empty.';
  try {
    const token = readFileSync(file, 'utf8').trim();
    if (token !== '') return token;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'no more than that';
    known = `The system reported ${code}.`;
  }
  throw new AuthSessionsError('ERR_VAULT_CREDENTIAL_INVALID', {
    failed: `The file ${file} has no service account token.`,
    known: `${variables.tokenFile} names this file. ${known}`,
    next: `Write the token into it, with mode 0600, or set ${variables.token}.`,
  });
}

function take(env: NodeJS.ProcessEnv, name: string): string | undefined {
  const value = env[name]?.trim();
  Reflect.deleteProperty(env, name);
  return value === '' ? undefined : value;
}

/** Bits for reading and writing by others. */
const otherUsers = 0o006;
