import type { Item, ItemField } from '@1password/sdk';
import { AuthSessionsError } from '../../core/errors.js';
import type { ItemReference } from '../../core/secret-reference.js';
import { SecretValue } from '../../core/secret-value.js';
import { explainResolveError } from './explain-one-password-error.js';
import type { Ask, ItemLists } from './item-lists.js';
import { unresolved, whyNoItem } from './item-reasons.js';
import { isOfReferences, type Answers } from './resolve-in-parts.js';

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
}

export function createLogins(lists: ItemLists, ask: Ask): Logins {
  const codes = new Map<string, readonly CodeField[]>();

  /** The item of each reference, or the reason why there is none. */
  async function read(
    references: readonly ItemReference[],
    signal?: AbortSignal,
  ): Promise<Map<ItemReference, Item | AuthSessionsError>> {
    const answers = new Map<ItemReference, Item | AuthSessionsError>();
    const places = new Map<string, Map<string, ItemReference[]>>();
    for (const reference of references) {
      const place = await locate(reference, signal);
      if (place instanceof AuthSessionsError) {
        answers.set(reference, place);
        continue;
      }
      const items = places.get(place.vaultId) ?? new Map<string, ItemReference[]>();
      places.set(place.vaultId, items);
      items.set(place.itemId, [...(items.get(place.itemId) ?? []), reference]);
    }
    for (const [vaultId, items] of places)
      for (const part of inParts([...items], mostInOneRequest)) {
        const ids = part.map(([id]) => id);
        const { individualResponses } = await ask((client) => client.items.getAll(vaultId, ids), signal);
        for (const [index, [, asked]] of part.entries()) {
          const { content, error } = individualResponses[index] ?? {};
          if (content) keepCodes(content, asked);
          for (const one of asked) answers.set(one, content ?? explainResolveError(error, one));
        }
      }
    return answers;
  }

  async function locate(
    reference: ItemReference,
    signal?: AbortSignal,
  ): Promise<{ vaultId: string; itemId: string } | AuthSessionsError> {
    try {
      const found = await lists.find(reference, signal);
      const trouble = whyNoItem(reference, found);
      if (trouble) return trouble;
      const item = found.items?.find(({ state }) => state === 'active');
      return { vaultId: found.vaults[0]?.id ?? '', itemId: item?.id ?? '' };
    } catch (error) {
      if (isOfReferences(error)) return atReference(error, reference);
      throw error;
    }
  }

  function keepCodes({ id, vaultId, fields }: Item, references: readonly ItemReference[]): void {
    const found = fields
      .filter(({ fieldType }) => isCode(fieldType))
      .map((field) => ({ title: field.title, text: codeText({ vaultId, id }, field) }));
    for (const reference of references) codes.set(nameOf(reference), found);
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

/** The reference of the one code that a login has. @throws AuthSessionsError if it has none, or several */
export function onlyCode(reference: ItemReference, fields: readonly CodeField[]): string {
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
  return field.text;
}

function valueOf({ fields, category }: Item, reference: ItemReference): SecretValue | AuthSessionsError {
  const field = fields.find(({ id }) => id === reference.purpose);
  if (field && field.value !== '') return new SecretValue(field.value, reference.text);
  return unresolved(reference, 'ERR_VAULT_NOT_FOUND', {
    known: `The item, of category ${category}, has no ${reference.purpose} of a login.`,
    next: `Fill it in in 1Password, or write the field's own reference: ${reference.purpose}: "op://vault/item/field".`,
  });
}

function atReference(error: AuthSessionsError, reference: ItemReference): AuthSessionsError {
  const { known, failed, next } = error.explanation;
  return unresolved(reference, error.code, { known: known ?? failed, next });
}

function codeText({ vaultId, id }: Pick<Item, 'vaultId' | 'id'>, field: ItemField): string {
  const parts = [vaultId, id, field.sectionId, field.id].filter((part) => part !== undefined && part !== '');
  return `op://${parts.join('/')}?attribute=otp`;
}

/** The SDK's enumeration is not imported: that would load the SDK. */
function isCode(fieldType: string): boolean {
  return fieldType === 'Totp';
}

function nameOf({ vault, item }: ItemReference): string {
  return `${vault}/${item}`.toLowerCase();
}

function inParts<One>(all: readonly One[], size: number): One[][] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, index) =>
    all.slice(index * size, (index + 1) * size),
  );
}

/** The SDK accepts no more. */
const mostInOneRequest = 50;
