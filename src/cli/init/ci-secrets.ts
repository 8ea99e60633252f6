import { newStoreKeyCommand } from '../../core/new-store-key.js';
import { connectionsInUse, definedVaultOf, tokenVariables } from '../../core/vault-connection.js';
import type { ConnectionName } from '../../core/vault-connection.js';
import type { LoadedAuthSessions } from '../../declaration/load-auth-sessions.js';
import type { SuiteOptions } from '../../core/suite-options.js';
import { connectionsOf, type InitAnswers } from './answers.js';

type Declared = Pick<LoadedAuthSessions, 'sessions' | 'options'>;

/**
 * The secrets to set in the GitHub repository: those of each connection that the declared sessions use. Only the suite's
 * own vault can use the job's identity. The store's key is derived from a token, if there is one.
 */
export function ciSecrets(ci: InitAnswers['ci'], declared?: Declared): readonly string[] {
  const names = declared ? connectionsInUse(declared.sessions.values()) : [undefined];
  return secretsOf(ci, names, declared?.options);
}

/** Those of the sessions that init would declare. */
export function plannedSecrets(answers: InitAnswers, ci = answers.ci): readonly string[] {
  return secretsOf(ci, connectionsOf(answers));
}

function secretsOf(
  ci: InitAnswers['ci'],
  names: readonly ConnectionName[],
  options?: SuiteOptions,
): readonly string[] {
  if (ci === 'none') return [];
  const ofVaults = names.flatMap((name) => credentialsOf(name, ci, options));
  const hasToken = ofVaults.some((name) => name.startsWith(tokenVariables(undefined).token));
  return [...new Set([...ofVaults, ...(hasToken && ci === 'token' ? [] : ['AUTH_SESSIONS_KEY'])])];
}

function credentialsOf(
  name: ConnectionName,
  ci: InitAnswers['ci'],
  options?: SuiteOptions,
): readonly string[] {
  const defined = options && definedVaultOf(options, name);
  if (defined) return defined.secrets ?? [];
  return name === undefined && ci === 'workload' ? ['OP_INTEGRATION_KEY'] : [tokenVariables(name).token];
}

/** What a secret is, for a person who sets it. */
export function describeCiSecret(name: string): string {
  const { token } = tokenVariables(undefined);
  if (name.startsWith(`${token}_`)) {
    const connection = name
      .slice(token.length + 1)
      .toLowerCase()
      .replaceAll('_', '-');
    return `the service account token of vault connection "${connection}" for CI`;
  }
  return known[name] ?? 'a credential of your vault for CI';
}

const known: Readonly<Record<string, string>> = {
  OP_SERVICE_ACCOUNT_TOKEN:
    'the service account token for CI; "npx playwright-auth-sessions init --vault" prints how to create it',
  OP_INTEGRATION_KEY: "the workload's integration key for CI",
  AUTH_SESSIONS_KEY: `the store's key for CI; create one with ${newStoreKeyCommand}`,
};
