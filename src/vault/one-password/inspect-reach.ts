import type { Client } from '@1password/sdk';
import type { VaultReach } from '../../core/ports.js';
import { isItemReference, type SecretReference } from '../../core/secret-reference.js';

type Ask = <Result>(act: (client: Client) => Promise<Result>) => Promise<Result>;

/**
 * Finds access beyond what references need: vaults that none uses, and more than read permissions in those they use.
 * An Environment that none uses is found only where 1Password lists it with the vaults.
 * Sends one request for the list, and one for each of the first `mostInspected` used vaults.
 */
export async function inspectReach(references: readonly SecretReference[], ask: Ask): Promise<VaultReach> {
  const names = new Set(
    references.map((one) => (isItemReference(one) ? one.vault : one.environment).toLowerCase()),
  );
  const vaults = await ask((client) => client.vaults.list());
  const isNamed = ({ id, title }: { id: string; title: string }) =>
    names.has(id.toLowerCase()) || names.has(title.toLowerCase());
  const excess: { vault: string; permissions: readonly string[] }[] = [];
  for (const { id, title } of vaults
    .filter((one) => isNamed(one) && !isEnvironment(one))
    .slice(0, mostInspected)) {
    const { access = [] } = await ask((client) => client.vaults.get(id, { accessors: true }));
    const permissions = permissionsBeyondReading(access.map((one) => one.permissions));
    if (permissions.length > 0) excess.push({ vault: title, permissions });
  }
  return { unused: vaults.filter((vault) => !isNamed(vault)).map(({ title }) => title), excess };
}

/** Where the list has Environments too, they are vaults of a type that the SDK does not know, and gives no access of. */
function isEnvironment({ vaultType }: { readonly vaultType: string }): boolean {
  return vaultType === 'unsupported';
}

/** If a vault lists other credentials too, ours is unknown: only permissions that all have count. */
function permissionsBeyondReading(accessors: readonly number[]): string[] {
  const common = accessors.reduce((bits, own) => bits & own, accessors.length > 0 ? ~0 : 0);
  const beyond = common & ~readBits;
  const known = Object.entries(permissionBits).filter(([, bits]) => (beyond & bits) !== 0);
  const other = beyond & ~Object.values(permissionBits).reduce((all, bits) => all | bits, 0);
  return [...known.map(([name]) => name), ...(other === 0 ? [] : ['more'])];
}

const mostInspected = 10;

/** The bits of `VaultAccess.permissions`, by their names for service accounts. */
const readBits = (1 << 4) | (1 << 5); // REVEAL_ITEM_PASSWORD, READ_ITEMS
const permissionBits = {
  /** UPDATE_ITEMS, CREATE_ITEMS, ARCHIVE_ITEMS, DELETE_ITEMS, UPDATE_ITEM_HISTORY */
  write_items: (1 << 6) | (1 << 7) | (1 << 8) | (1 << 9) | (1 << 10),
  /** SEND_ITEMS */
  share_items: 1 << 20,
} as const;
