import type { SuiteOptions } from '../core/suite-options.js';
import type { EnvironmentFacts } from '../core/environment.js';
import { SecretValue } from '../core/secret-value.js';
import type { OnePasswordAuth } from '../vault/one-password/one-password-auth.js';
import {
  rereadToken,
  confinedVariables,
  type ConfinedSecrets,
  type TokenFound,
  type ConfinedWorkload,
} from './confined-secrets.js';

export interface VaultAuthFacts extends Partial<Pick<ConfinedSecrets, 'vaultCredential' | 'workload'>> {
  readonly onCi: boolean;
  /** Called with a token that replaces the run's first one, before it is used. */
  readonly onToken?: (token: SecretValue) => void;
}

/** How this run can authenticate with 1Password, and what the environment decision needs to know of it. */
export interface VaultAuthChoice {
  readonly auth: OnePasswordAuth | undefined;
  readonly facts: EnvironmentFacts;
}

/** A token comes first, then the job's identity, then, on a developer's machine, the app. */
export function chooseVaultAuth(
  { onePassword: { auth: { workloadIdentity, desktopAccount } = {} } = {} }: SuiteOptions,
  { vaultCredential, workload = {}, onCi, onToken }: VaultAuthFacts,
): VaultAuthChoice {
  const chosen = (auth: OnePasswordAuth, credentialSource: string): VaultAuthChoice => ({
    auth,
    facts: { credentialSource, onCi },
  });
  if (vaultCredential)
    return chosen(
      {
        kind: 'service-account',
        token: new SecretValue(vaultCredential.value, 'vault credential'),
        reread: () => rereadNow(vaultCredential, onToken),
      },
      vaultCredential.source,
    );
  const { requestUrl: url, requestToken, integrationKey } = workload;
  if (workloadIdentity && url !== undefined && requestToken !== undefined && integrationKey !== undefined) {
    const token = new SecretValue(requestToken, confinedVariables.requestToken);
    const customerManagedSecret = new SecretValue(integrationKey, confinedVariables.integrationKey);
    return chosen(
      { kind: 'workload', ...workloadIdentity, customerManagedSecret, oidcRequest: { url, token } },
      'onePassword.auth.workloadIdentity',
    );
  }
  if (desktopAccount !== undefined && !onCi)
    return chosen({ kind: 'desktop', accountName: desktopAccount }, 'onePassword.auth.desktopAccount');
  const missing = workloadIdentity && missingOf(workload);
  return { auth: undefined, facts: { credentialSource: undefined, onCi, missing } };
}

function rereadNow(found: TokenFound, onToken: VaultAuthFacts['onToken']): SecretValue | undefined {
  const value = rereadToken(found);
  if (value === undefined) return undefined;
  const token = new SecretValue(value, 'vault credential', { confined: true });
  onToken?.(token);
  return token;
}

function missingOf(workload: ConfinedWorkload): string {
  const names = (['requestUrl', 'requestToken', 'integrationKey'] as const)
    .filter((name) => workload[name] === undefined)
    .map((name) => confinedVariables[name]);
  return `onePassword.auth.workloadIdentity needs ${names.join(' and ')}`;
}
