import type { SuiteOptions } from '../core/suite-options.js';
import { decideEnvironment, type EnvironmentDecision, type EnvironmentFacts } from '../core/environment.js';
import { AuthSessionsError } from '../core/errors.js';
import { SecretValue } from '../core/secret-value.js';
import type { Redactor } from '../redaction/redactor.js';
import type { OnePasswordAuth } from '../vault/one-password/one-password-auth.js';
import { chooseVaultAuth } from './choose-vault-auth.js';
import type { ConfinedSecrets } from './confined-secrets.js';

/** The source of this run's credentials. */
export interface OpenedEnvironment {
  readonly decision: EnvironmentDecision;
  /** How a deployed run signs in to 1Password; `undefined`: local test credentials are used. */
  readonly auth: OnePasswordAuth | undefined;
  /** The service account token of a deployed run. */
  readonly credential: SecretValue | undefined;
  /** Set if there is no vault credential and none is needed yet. */
  readonly vaultMissing: AuthSessionsError | undefined;
  /** Warnings for the summary. */
  readonly warnings: string[];
}

export interface OpenEnvironmentOptions extends Pick<ConfinedSecrets, 'vaultCredential' | 'workload'> {
  readonly suite: SuiteOptions;
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
  const { suite, redactor, vaultCredential, needsVault = true } = options;
  const credential =
    vaultCredential && new SecretValue(vaultCredential.value, 'vault credential', { confined: true });
  if (credential) redactor.add(credential);
  const { auth, facts } = chooseVaultAuth(suite, { ...options, onToken: (token) => redactor.add(token) });
  const { decision, vaultMissing } = decide(suite, facts, needsVault);
  const isDeployed = decision.environment === 'deployed';
  return {
    decision,
    vaultMissing,
    auth: isDeployed ? auth : undefined,
    credential: isDeployed ? credential : undefined,
    warnings: vaultCredential?.warning === undefined ? [] : [vaultCredential.warning],
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
