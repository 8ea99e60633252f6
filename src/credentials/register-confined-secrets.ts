import { secretsOfRedisUrl } from '../core/redis-url.js';
import { SecretValue } from '../core/secret-value.js';
import type { Redactor } from '../redaction/redactor.js';
import { confinedVariables, type ConfinedSecrets } from './confined-secrets.js';
import { namesFile } from './connection-secrets.js';

/**
 * Registers what opens the vault and the store with the redactor. The address that a job's identity is requested from
 * is not secret.
 */
export function registerConfinedSecrets(
  { vaultCredential, workload, storeKey, storeUrl, ofConnections }: ConfinedSecrets,
  redactor: Pick<Redactor, 'add'>,
  {
    confined = false,
  }: { /** Whether only this process has to know them. [false] */ readonly confined?: boolean } = {},
): void {
  for (const [value, label] of [
    [vaultCredential?.value, 'vault credential'],
    [workload.requestToken, confinedVariables.requestToken],
    [workload.integrationKey, confinedVariables.integrationKey],
    [storeKey, confinedVariables.storeKey],
    ...Object.entries(ofConnections)
      .filter(([variable]) => !namesFile(variable))
      .map(([variable, value]) => [value, variable] as const),
    ...secretsOfRedisUrl(storeUrl).map((one) => [one, confinedVariables.storeUrl] as const),
  ] as const)
    if (value) redactor.add(new SecretValue(value, label, { confined }));
}
