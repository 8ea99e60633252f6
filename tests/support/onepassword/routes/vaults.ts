import { formatSymmetricKey, seal, sealFor } from '../crypto/envelope.js';
import { Refusal } from '../http/exchange.js';
import type { Answer, Exchange } from '../http/exchange.js';
import type { Session } from '../http/session.js';
import { formatPermissions } from '../model/permission.js';
import type { ServiceAccount } from '../model/service-account.js';
import type { Vault } from '../model/vault.js';

/** GET /api/v1/vaults: all that the token reaches. */
export async function listVaults({ account, serviceAccount }: Session): Promise<Answer> {
  const vaults = [...serviceAccount.grants.keys()].filter(
    ({ type }) => type === 'U' || account.listsEnvironments,
  );
  const json = await Promise.all(
    vaults.map(async (vault) => formatVault(vault, await formatAccess(vault, serviceAccount))),
  );
  return { status: 200, sealed: true, json };
}

/**
 * GET /api/v3/vault/<id>: with `attrs=accessors`, also who has access. Only the token's own access is reported: the SDK
 * does not reveal which accessor is the one asking.
 */
export async function getVault(exchange: Exchange, serviceAccount: ServiceAccount): Promise<Answer> {
  const vault = findVault(exchange, serviceAccount);
  const access = await formatAccess(vault, serviceAccount);
  const accessors = exchange.path.includes('accessors') ? { access: [access] } : {};
  return { status: 200, sealed: true, json: { ...formatVault(vault, access), ...accessors } };
}

/** The vault that a path begins with. One out of reach is like one that does not exist. @throws Refusal 404 */
export function findVault({ parameters: [id] }: Exchange, { grants }: ServiceAccount): Vault {
  const vault = [...grants.keys()].find((each) => each.id === id);
  if (!vault) throw new Refusal(404, 'no such vault in reach');
  return vault;
}

type Access = Awaited<ReturnType<typeof formatAccess>>;

function formatVault(vault: Vault, access: Access): Record<string, unknown> {
  const { id, key, title, description, type, items, contentVersion } = vault;
  return {
    uuid: id,
    type,
    createdAt: new Date(vault.createdAtMs).toISOString(),
    updatedAt: new Date(vault.updatedAtMs).toISOString(),
    attrVersion: 1,
    contentVersion,
    encAttrs: seal({ name: title, desc: description, avatar: '', type }, key),
    activeItemCount: items.filter((item) => !item.archived).length,
    clientAccess: access.acl,
    accessorsVersion: 1,
    combinedAccess: access,
  };
}

/** What a service account may do with a vault, and the vault's key encrypted for it. */
async function formatAccess(vault: Vault, { id, keysetKey, keyPair, grants }: ServiceAccount) {
  const { publicKey } = await keyPair;
  return {
    vaultUuid: vault.id,
    accessorType: 'user',
    accessorUuid: id,
    accessVersion: 1,
    acl: formatPermissions(grants.get(vault) ?? []),
    leaseTimeout: 0,
    vaultKeySN: 1,
    encVaultKey: sealFor(formatSymmetricKey(vault.key), { kid: keysetKey.kid, key: publicKey }),
    encryptedBy: keysetKey.kid,
  };
}
