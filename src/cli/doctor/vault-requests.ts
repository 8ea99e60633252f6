import type { ConnectionName } from '../../core/vault-connection.js';
import { describeConnection } from '../../credentials/choose-vault-auths.js';
import { isThere } from '../terminal/maybe.js';
import { ok, type Check } from './finding.js';

/** How many requests the checks before this one sent to each vault, of those that a run may send. */
export const vaultRequests: Check = {
  id: 'vault-requests',
  examine({ vaults }) {
    if (!isThere(vaults)) return [];
    return [...vaults.is].flatMap(([name, vault]) => {
      const left = vault.requestsLeft?.();
      if (left === undefined) return [];
      return [
        ok(
          `Vault requests${of(name, vaults.is.size)}: ${vault.requestCount()} sent, ${left} left of maxVaultRequests`,
        ),
      ];
    });
  },
};

function of(name: ConnectionName, count: number): string {
  return count === 1 ? '' : ` of ${describeConnection(name)}`;
}
