import { seal } from '../crypto/envelope.js';
import { Refusal } from '../http/exchange.js';
import type { Answer, Exchange } from '../http/exchange.js';
import type { Session } from '../http/session.js';
import { formatDetails, formatOverview } from '../model/item-format.js';
import { TEMPLATES } from '../model/item.js';
import type { Item } from '../model/item.js';
import type { Vault } from '../model/vault.js';
import { readSealed } from './read-json.js';
import { findVault } from './vaults.js';

/** GET /api/v1/vault/<id>/items/overviews: titles and addresses, archived items among them. */
export function listOverviews(vault: Vault, { serviceAccount }: Session): Answer {
  const items = vault.items.map((item) => formatItemOverview(item, vault, serviceAccount.id));
  const json = { contentVersion: vault.contentVersion, batchComplete: true, items, deletedItemUuids: [] };
  return { status: 200, sealed: true, json };
}

/** GET /api/v1/vault/<id>/item/<id> */
export function getItem(exchange: Exchange, { serviceAccount }: Session): Answer {
  const vault = findVault(exchange, serviceAccount);
  const item = vault.item(exchange.parameters[1] ?? '');
  if (!item) throw new Refusal(404, 'no such item');
  const json = { contentVersion: vault.contentVersion, item: formatItem(item, vault, serviceAccount.id) };
  return { status: 200, sealed: true, json };
}

/** POST /api/v3/vault/<id>/items/batch: up to 50 items; those that are not there are left out. */
export function getItems(exchange: Exchange, { key, serviceAccount }: Session): Answer {
  const vault = findVault(exchange, serviceAccount);
  const ids = readItemIds(readSealed(exchange.body, key));
  const items = ids.flatMap((id) => {
    const item = vault.item(id);
    return item ? [formatItem(item, vault, serviceAccount.id)] : [];
  });
  return { status: 200, sealed: true, json: { contentVersion: vault.contentVersion, items } };
}

/** PATCH /api/v3/vault/<id>/<version>/items: answered according to the permission, and not carried out. */
export function updateItems(exchange: Exchange, { serviceAccount }: Session): Answer {
  const permissions = serviceAccount.grants.get(findVault(exchange, serviceAccount));
  if (!permissions?.includes('write_items')) throw new Refusal(403, 'no permission to write items');
  throw new Refusal(501, 'this server keeps no items that clients write');
}

function readItemIds(asked: unknown): readonly string[] {
  const ids = (asked as { itemUuids?: unknown } | null)?.itemUuids;
  if (!Array.isArray(ids)) throw new Refusal(400, 'no item ids');
  if (ids.length > BATCH_SIZE) throw new Refusal(400, `more than ${BATCH_SIZE} item ids`);
  return ids.map(String);
}

function formatItem(item: Item, vault: Vault, changerUuid: string): Record<string, unknown> {
  return {
    ...formatItemOverview(item, vault, changerUuid),
    encDetails: seal(formatDetails(item), vault.key),
    fileReferences: [],
  };
}

function formatItemOverview(item: Item, vault: Vault, changerUuid: string): Record<string, unknown> {
  return {
    uuid: item.id,
    templateUuid: TEMPLATES[item.contents.category],
    trashed: item.archived ? 'Y' : 'N',
    faveIndex: 0,
    changerUuid,
    itemVersion: item.version,
    encryptedBy: vault.key.kid,
    createdAt: new Date(item.createdAtMs).toISOString(),
    updatedAt: new Date(item.updatedAtMs).toISOString(),
    encOverview: seal(formatOverview(item), vault.key),
  };
}

const BATCH_SIZE = 50;
