import type { OnePasswordOptions, SuiteOptions } from '../core/suite-options.js';
import type { DefinedVault } from '../core/defined-vault.js';
import type { EnvironmentFacts } from '../core/environment.js';
import { SecretValue } from '../core/secret-value.js';
import {
  connectionOf,
  definedVaultOf,
  type ConnectionName,
  tokenVariables,
} from '../core/vault-connection.js';
import type { OnePasswordAuth } from '../vault/one-password/one-password-auth.js';
import {
  rereadToken,
  confinedVariables,
  tokenOf,
  type ConfinedSecrets,
  type TokenFound,
  type ConfinedWorkload,
} from './confined-secrets.js';

export interface VaultAuthFacts extends Partial<
  Pick<ConfinedSecrets, 'vaultCredential' | 'workload' | 'ofConnections'>
> {
  readonly onCi: boolean;
  /** Called with a token that replaces the run's first one, before it is used. */
  readonly onToken?: (token: SecretValue) => void;
}

/** How to authenticate with 1Password, or the variables of another vault. */
export type VaultAuth = OnePasswordAuth | DefinedVaultAuth;

export interface DefinedVaultAuth {
  readonly kind: 'defined';
  readonly secrets: Readonly<Record<string, string>>;
}

/** How this run can authenticate with a vault, and what the environment decision needs to know of it. */
export interface VaultAuthChoice {
  readonly auth: VaultAuth | undefined;
  readonly facts: EnvironmentFacts;
  /** The token, if there is one. */
  readonly token: TokenFound | undefined;
}

/**
 * A token comes first, then the job's identity, then, on a developer's machine, the app. Only the suite's own vault can
 * use the job's identity.
 *
 * @throws AuthSessionsError `ERR_VAULT_CREDENTIAL_INVALID` when the token's file cannot be read
 */
export function chooseVaultAuth(
  suite: SuiteOptions,
  { vaultCredential: ownCredential, ofConnections = {}, workload = {}, onCi, onToken }: VaultAuthFacts,
  name?: ConnectionName,
): VaultAuthChoice {
  const defined = definedVaultOf(suite, name);
  if (defined) return chooseDefined(defined, ofConnections, onCi);
  const vaultCredential = tokenOf(name, { vaultCredential: ownCredential, ofConnections });
  const options: OnePasswordOptions = connectionOf(suite, name);
  const { desktopAccount } = options.auth ?? {};
  const workloadIdentity = name === undefined ? suite.onePassword?.auth?.workloadIdentity : undefined;
  const chosen = (auth: OnePasswordAuth, credentialSource: string): VaultAuthChoice => ({
    auth,
    facts: { credentialSource, onCi },
    token: vaultCredential,
  });
  if (vaultCredential)
    return chosen(
      {
        kind: 'service-account',
        token: new SecretValue(vaultCredential.value, labelOf(name)),
        reread: () => rereadNow(vaultCredential, labelOf(name), onToken),
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
    return chosen(
      { kind: 'desktop', accountName: desktopAccount },
      `${name === undefined ? 'onePassword' : `vaults.${name}`}.auth.desktopAccount`,
    );
  const missing = workloadIdentity && missingOf(workload);
  const facts = { credentialSource: undefined, onCi, missing, wanted: tokenVariables(name).token };
  return { auth: undefined, facts, token: undefined };
}

/** The variables of a vault other than 1Password: all of them, or it has no credential. */
function chooseDefined(
  { name, secrets: variables = [] }: DefinedVault,
  ofConnections: ConfinedSecrets['ofConnections'],
  onCi: boolean,
): VaultAuthChoice {
  const set = variables.filter((variable) => ofConnections[variable] !== undefined);
  const unset = variables.filter((variable) => ofConnections[variable] === undefined);
  if (unset.length === 0) {
    const secrets = Object.fromEntries(set.map((variable) => [variable, ofConnections[variable] ?? '']));
    const credentialSource = set.length === 0 ? `vault ${name}` : set.join(' and ');
    return { auth: { kind: 'defined', secrets }, facts: { credentialSource, onCi }, token: undefined };
  }
  const wanted = unset.join(' and ');
  const partly = set.length > 0 ? `${set.join(' and ')} is set, but ${wanted} is not.` : undefined;
  return { auth: undefined, facts: { credentialSource: undefined, onCi, wanted, partly }, token: undefined };
}

/** How a connection's token is named where it is redacted. */
export function labelOf(name: ConnectionName): string {
  return name === undefined ? 'vault credential' : `vault credential of ${name}`;
}

function rereadNow(
  found: TokenFound,
  label: string,
  onToken: VaultAuthFacts['onToken'],
): SecretValue | undefined {
  const value = rereadToken(found);
  if (value === undefined) return undefined;
  const token = new SecretValue(value, label, { confined: true });
  onToken?.(token);
  return token;
}

function missingOf(workload: ConfinedWorkload): string {
  const names = (['requestUrl', 'requestToken', 'integrationKey'] as const)
    .filter((name) => workload[name] === undefined)
    .map((name) => confinedVariables[name]);
  return `onePassword.auth.workloadIdentity needs ${names.join(' and ')}`;
}
