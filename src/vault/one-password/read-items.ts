import type { Item } from '@1password/sdk';
import { AuthSessionsError } from '../../core/errors.js';
import type { ItemReference } from '../../core/secret-reference.js';
import { explainResolveError } from './explain-one-password-error.js';
import type { Ask, ItemLists } from './item-lists.js';
import { unresolved, whyNoItem } from './item-reasons.js';
import { isOfReferences } from './resolve-in-parts.js';

/** The item of each reference, or the reason why there is none. */
export type ReadItems = Map<ItemReference, Item | AuthSessionsError>;

/**
 * Reads the items that references name, whole: after the lists of vaults and items, one request for each 50 items of a
 * vault. Rejects if 1Password fails as a whole.
 */
export async function readItems(
  references: readonly ItemReference[],
  {
    lists,
    ask,
    signal,
  }: { readonly lists: ItemLists; readonly ask: Ask; readonly signal: AbortSignal | undefined },
): Promise<ReadItems> {
  const answers: ReadItems = new Map();
  const places = new Map<string, Map<string, ItemReference[]>>();
  for (const reference of references) {
    const place = await locate(reference, lists, signal);
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
        for (const one of asked) answers.set(one, content ?? explainResolveError(error, one));
      }
    }
  return answers;
}

async function locate(
  reference: ItemReference,
  lists: ItemLists,
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

/** The same error, for one reference. */
export function atReference(error: AuthSessionsError, reference: ItemReference): AuthSessionsError {
  const { known, failed, next } = error.explanation;
  return unresolved(reference, error.code, { known: known ?? failed, next });
}

function inParts<One>(all: readonly One[], size: number): One[][] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, index) =>
    all.slice(index * size, (index + 1) * size),
  );
}

/** The SDK accepts no more. */
const mostInOneRequest = 50;
