import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { AuthSessionsError } from '../core/errors.js';

/** What must not reach workers and browsers, which inherit the runner's environment. */
export interface RunSecrets {
  /** A service account's token, and the name of the variable that it came with. */
  readonly vaultCredential: TokenFound | undefined;
  readonly workload: WorkloadSecrets;
  readonly storeKey: string | undefined;
  /** Of the Redis that holds the sessions; it may have a password in it. */
  readonly storeUrl: string | undefined;
}

export interface TokenFound {
  readonly value: string;
  readonly source: string;
  /** Where it is read again, should it be refused in the middle of a run. */
  readonly file?: string | undefined;
  /** That others can read it, too. */
  readonly warning?: string | undefined;
}

/** What a job of GitHub Actions proves by who it is: https://docs.github.com/actions/reference/security/oidc */
export interface WorkloadSecrets {
  readonly requestUrl?: string | undefined;
  readonly requestToken?: string | undefined;
  /** 1Password's integration key. */
  readonly integrationKey?: string | undefined;
}

/** The variables that are taken out, whether they are used or not. */
export const secretVariables = {
  token: 'OP_SERVICE_ACCOUNT_TOKEN',
  tokenFile: 'OP_SERVICE_ACCOUNT_TOKEN_FILE',
  requestUrl: 'ACTIONS_ID_TOKEN_REQUEST_URL',
  requestToken: 'ACTIONS_ID_TOKEN_REQUEST_TOKEN',
  integrationKey: 'OP_INTEGRATION_KEY',
  storeKey: 'AUTH_SESSIONS_KEY',
  storeUrl: 'AUTH_SESSIONS_STORE_URL',
} as const;

let kept: Partial<Record<keyof typeof secretVariables, string>> = {};

/**
 * Takes the vault's credential and the store's key out of the environment, into this module alone. Called while
 * the config is loaded, before anything is started; again, it keeps what it has.
 */
export function takeSecretsOutOf(env: NodeJS.ProcessEnv): void {
  const found = Object.entries(secretVariables).map(
    ([name, variable]) => [name, take(env, variable)] as const,
  );
  kept = { ...kept, ...Object.fromEntries(found.filter(([, value]) => value !== undefined)) };
}

/**
 * For workers, where a config that reads a dotenv file would bring them back. Nothing is kept. A worker has the job's
 * own identity only where it was given back.
 */
export function dropSecretsFrom(env: NodeJS.ProcessEnv): void {
  for (const [name, variable] of Object.entries(secretVariables))
    if (!(jobIdentity as readonly string[]).includes(name)) Reflect.deleteProperty(env, variable);
}

/** Puts back by what a job of GitHub Actions proves who it is: tests may need it, where it is no way to the vault. */
export function giveJobIdentityBackTo(env: NodeJS.ProcessEnv): void {
  for (const name of jobIdentity) if (kept[name] !== undefined) env[secretVariables[name]] = kept[name];
}

const jobIdentity: readonly (keyof typeof secretVariables)[] = ['requestUrl', 'requestToken'];

/** For the one who starts the broker. @throws AuthSessionsError see `findToken` */
export function takenSecrets(): RunSecrets {
  const { token, tokenFile, storeKey, storeUrl, ...workload } = kept;
  return { vaultCredential: findToken(token, tokenFile), workload, storeKey, storeUrl };
}

/**
 * The token itself goes before a file that has it.
 *
 * @throws AuthSessionsError `ERR_VAULT_CREDENTIAL_INVALID` when the file cannot be read
 */
export function findToken(
  token: string | undefined,
  tokenFile: string | undefined,
): RunSecrets['vaultCredential'] {
  if (token !== undefined) return { value: token, source: secretVariables.token };
  if (tokenFile === undefined) return undefined;
  const value = readToken(tokenFile);
  const file = path.resolve(tokenFile);
  return { value, source: secretVariables.tokenFile, file, warning: openToOthers(tokenFile) };
}

/** What a token's file has by now; `undefined` where it is gone or empty: what was refused is told, then. */
export function rereadToken({ file }: TokenFound): string | undefined {
  try {
    return file === undefined ? undefined : readToken(file);
  } catch {
    return undefined;
  }
}

/** Windows has no such mode. */
function openToOthers(file: string): string | undefined {
  if (process.platform === 'win32' || (statSync(file).mode & otherUsers) === 0) return undefined;
  return `other users of this machine can get at the vault credential in ${file}: chmod 600 it`;
}

function readToken(file: string): string {
  let known = 'It is empty.';
  try {
    const token = readFileSync(file, 'utf8').trim();
    if (token !== '') return token;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'no more than that';
    known = `The system says ${code}.`;
  }
  throw new AuthSessionsError('ERR_VAULT_CREDENTIAL_INVALID', {
    failed: `There is no service account token in ${file}.`,
    known: `${secretVariables.tokenFile} names this file. ${known}`,
    next: `Write the token into it, for its owner alone to read; or set ${secretVariables.token}.`,
  });
}

function take(env: NodeJS.ProcessEnv, name: string): string | undefined {
  const value = env[name]?.trim();
  Reflect.deleteProperty(env, name);
  return value === '' ? undefined : value;
}

/** To read, or to write. */
const otherUsers = 0o006;
