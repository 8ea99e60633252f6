/** What a service account may do with a vault, as its owner grants it. */
export type Permission = 'read_items' | 'write_items' | 'share_items';

/** The permissions as the bits that the SDK reveals in `VaultAccess.permissions`. */
export function formatPermissions(permissions: readonly Permission[]): number {
  return permissions.reduce((bits, permission) => bits | PERMISSION_BITS[permission], 0);
}

/** @throws TypeError when nothing may be read: 1Password grants the others on top of `read_items` only */
export function checkPermissions(permissions: readonly Permission[]): readonly Permission[] {
  if (!permissions.includes('read_items'))
    throw new TypeError(`A service account needs "read_items" in every vault that it reaches.`);
  return permissions;
}

/** The bits carry the names that the SDK exports for them. */
export const VAULT_BITS = {
  REVEAL_ITEM_PASSWORD: 1 << 4,
  READ_ITEMS: 1 << 5,
  UPDATE_ITEMS: 1 << 6,
  CREATE_ITEMS: 1 << 7,
  ARCHIVE_ITEMS: 1 << 8,
  DELETE_ITEMS: 1 << 9,
  UPDATE_ITEM_HISTORY: 1 << 10,
  SEND_ITEMS: 1 << 20,
} as const;

const PERMISSION_BITS: Readonly<Record<Permission, number>> = {
  read_items: VAULT_BITS.READ_ITEMS | VAULT_BITS.REVEAL_ITEM_PASSWORD,
  write_items:
    VAULT_BITS.CREATE_ITEMS |
    VAULT_BITS.UPDATE_ITEMS |
    VAULT_BITS.ARCHIVE_ITEMS |
    VAULT_BITS.DELETE_ITEMS |
    VAULT_BITS.UPDATE_ITEM_HISTORY,
  share_items: VAULT_BITS.SEND_ITEMS,
};
