import type { Item, ItemField } from '@1password/sdk';
import { AuthSessionsError } from '../../core/errors.js';
import type { ItemReference } from '../../core/secret-reference.js';
import { SecretValue } from '../../core/secret-value.js';
import type { Website } from '../../core/website-address.js';
import { websitesOf, type Ask, type ItemLists } from './item-lists.js';
import { unresolved } from './item-reasons.js';
import { readItems, type ReadItems } from './read-items.js';
import { ofUnreadType, useReadType } from './reference-troubles.js';
import type { Answers } from './resolve-in-parts.js';

/** Reads Login items by the purpose of their fields. References have a `purpose`. */
export interface Logins {
  /**
   * The usernames and passwords of logins: after the lists of vaults and items, one request for each 50 items of a
   * vault. Rejects if 1Password fails as a whole.
   */
  resolveAll(references: readonly ItemReference[], signal?: AbortSignal): Promise<Answers>;
  /** The one-time password fields of a login, by their IDs. @throws AuthSessionsError if it has no single item */
  codesOf(reference: ItemReference, signal?: AbortSignal): Promise<readonly CodeField[]>;
  /** Starts a new run in the same process. */
  forget(): void;
}

export interface CodeField {
  readonly title: string;
  /** The reference of its code, by IDs. */
  readonly text: string;
  readonly websites: readonly Website[] | undefined;
}

export function createLogins(lists: ItemLists, ask: Ask): Logins {
  const codes = new Map<string, readonly CodeField[]>();

  async function read(references: readonly ItemReference[], signal?: AbortSignal): Promise<ReadItems> {
    const items = await readItems(references, { lists, ask, signal });
    for (const [reference, item] of items)
      if (!(item instanceof AuthSessionsError)) keepCodes(item, reference);
    return items;
  }

  function keepCodes(item: Item, reference: ItemReference): void {
    const websites = websitesOf(item);
    const found = item.fields
      .filter(({ fieldType }) => isCode(fieldType))
      .map((field) => ({ title: field.title, text: codeText(item, field), websites }));
    codes.set(nameOf(reference), found);
  }

  return {
    async resolveAll(references, signal) {
      const items = await read(references, signal);
      return new Map(
        [...items].map(([reference, item]) => [
          reference.text,
          item instanceof AuthSessionsError ? item : valueOf(item, reference),
        ]),
      );
    },
    async codesOf(reference, signal) {
      const known = codes.get(nameOf(reference));
      if (known) return known;
      const item = (await read([reference], signal)).get(reference);
      if (item instanceof AuthSessionsError) throw item;
      return codes.get(nameOf(reference)) ?? [];
    },
    forget: () => codes.clear(),
  };
}

/** The one code that a login has. @throws AuthSessionsError if it has none, or several */
export function onlyCode(reference: ItemReference, fields: readonly CodeField[]): CodeField {
  const [field, ...others] = fields;
  if (!field)
    throw unresolved(reference, 'ERR_TOTP_NOT_DECLARED', {
      known: 'Its item has no one-time password.',
      next: 'Add a one-time password to the item in 1Password, or do not call totp().',
    });
  if (others.length > 0) {
    const titles = fields.map(({ title }) => JSON.stringify(title)).join(', ');
    throw unresolved(reference, 'ERR_VAULT_AMBIGUOUS', {
      known: `Its item has ${fields.length} one-time passwords: ${titles}.`,
      next: `Add the one to use to the parameters: otp: "op://${reference.vault}/${reference.item}/…?attribute=otp".`,
    });
  }
  return field;
}

function valueOf(item: Item, reference: ItemReference): SecretValue | AuthSessionsError {
  const { fields, category } = item;
  const field = fields.find(({ id }) => id === reference.purpose);
  if (field && field.value !== '')
    return new SecretValue(field.value, reference.text, { websites: websitesOf(item) });
  if (field && isUnread(field.fieldType))
    return unresolved(reference, 'ERR_VALUE_UNUSABLE', {
      known: `Its field ${JSON.stringify(field.title)} ${ofUnreadType}.`,
      next: useReadType,
    });
  return unresolved(reference, 'ERR_VAULT_NOT_FOUND', {
    known: `The item, of category ${category}, has no ${reference.purpose} of a login.`,
    next: `Fill it in in 1Password, or write the field's own reference: ${reference.purpose}: "op://vault/item/field".`,
  });
}

function codeText({ vaultId, id }: Pick<Item, 'vaultId' | 'id'>, field: ItemField): string {
  const parts = [vaultId, id, field.sectionId, field.id].filter((part) => part !== undefined && part !== '');
  return `op://${parts.join('/')}?attribute=otp`;
}

/** The SDK's enumeration of types is not imported: that would load the SDK. */
function isCode(fieldType: string): boolean {
  return fieldType === 'Totp';
}

function isUnread(fieldType: string): boolean {
  return fieldType === 'Unsupported';
}

function nameOf({ vault, item }: ItemReference): string {
  return `${vault}/${item}`.toLowerCase();
}
