import type { DeclaredSession } from '../core/declared-session.js';
import type { SuiteOptions } from '../core/suite-options.js';
import { decideEnvironment, type EnvironmentDecision, type EnvironmentFacts } from '../core/environment.js';
import { AuthSessionsError } from '../core/errors.js';
import { SecretValue } from '../core/secret-value.js';
import { formatVaults, type ConnectionName } from '../core/vault-connection.js';
import type { Redactor } from '../redaction/redactor.js';
import { labelOf, type VaultAuth } from './choose-vault-auth.js';
import { chooseVaultAuths } from './choose-vault-auths.js';
import type { ConfinedSecrets } from './confined-secrets.js';

/** The source of this run's credentials. */
export interface OpenedEnvironment {
  readonly decision: EnvironmentDecision;
  /** How a deployed run signs in to each vault; `undefined`: local test credentials are used. */
  readonly auths: ReadonlyMap<ConnectionName, VaultAuth | undefined>;
  /** The service account token of a deployed run: that of the first connection that has one. */
  readonly credential: SecretValue | undefined;
  /** Set if there is no vault credential and none is needed yet. */
  readonly vaultMissing: AuthSessionsError | undefined;
  /** Warnings for the summary. */
  readonly warnings: string[];
}

export interface OpenEnvironmentOptions extends Pick<
  ConfinedSecrets,
  'vaultCredential' | 'workload' | 'ofConnections'
> {
  readonly suite: SuiteOptions;
  readonly sessions: ReadonlyMap<string, DeclaredSession>;
  readonly redactor: Redactor;
  readonly onCi: boolean;
  /** If `false`, a missing vault credential is an error only when the vault is used. [true] */
  readonly needsVault?: boolean | undefined;
}

/**
 * Decides between the vault and the local test credentials.
 *
 * @throws AuthSessionsError `ERR_ENVIRONMENT_MISSING` when the vault is needed and there is no credential for it
 */
export function openEnvironment(options: OpenEnvironmentOptions): OpenedEnvironment {
  const { suite, sessions, redactor, needsVault = true } = options;
  const found = { ...options, onToken: (token: SecretValue) => redactor.add(token) };
  const { choices, facts } = chooseVaultAuths({ suite, sessions: sessions.values() }, found);
  const tokens = [...choices].flatMap(([name, { token }]) => (token ? [{ name, token }] : []));
  const credentials = tokens.map(
    ({ name, token }) => new SecretValue(token.value, labelOf(name), { confined: true }),
  );
  for (const credential of credentials) redactor.add(credential);
  const { decision, vaultMissing } = decide(suite, facts, needsVault);
  const isDeployed = decision.environment === 'deployed';
  return {
    decision: isDeployed ? { ...decision, vaults: formatVaults(suite, choices.keys()) } : decision,
    vaultMissing,
    auths: new Map([...choices].map(([name, { auth }]) => [name, isDeployed ? auth : undefined])),
    credential: isDeployed ? credentials[0] : undefined,
    warnings: tokens.flatMap(({ token }) => token.warning ?? []),
  };
}

function decide(
  suite: SuiteOptions,
  facts: EnvironmentFacts,
  needsVault: boolean,
): Pick<OpenedEnvironment, 'decision' | 'vaultMissing'> {
  try {
    return { decision: decideEnvironment(suite, facts), vaultMissing: undefined };
  } catch (error) {
    if (needsVault || !(error instanceof AuthSessionsError)) throw error;
    return {
      decision: { environment: 'deployed', why: 'no vault credential is set' },
      vaultMissing: error,
    };
  }
}
