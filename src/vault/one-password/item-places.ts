import { AuthSessionsError } from '../../core/errors.js';
import type { SecretReference } from '../../core/secret-reference.js';
import { sdkText } from './sdk-text.js';

/** Remembers the IDs of items found in this run: a field costs one request by ID, and three by name. */
export interface ItemPlaces {
  learn(reference: SecretReference, place: ItemPlace): void;
  /** Requests a reference by its item's IDs if known, and by name if that fails. */
  at<Result>(reference: SecretReference, ask: (text: string) => Promise<Result>): Promise<Result>;
}

export interface ItemPlace {
  readonly vaultId: string;
  readonly itemId: string;
}

export function createItemPlaces(): ItemPlaces {
  const places = new Map<string, ItemPlace>();
  return {
    learn: (reference, { vaultId, itemId }) => void places.set(nameOf(reference), { vaultId, itemId }),
    async at(reference, ask) {
      const place = places.get(nameOf(reference));
      if (!place) return ask(sdkText(reference));
      try {
        return await ask(byIds(reference, place));
      } catch (error) {
        if (!(error instanceof AuthSessionsError) || error.code !== 'ERR_VAULT_NOT_FOUND') throw error;
        places.delete(nameOf(reference));
        return ask(sdkText(reference));
      }
    },
  };
}

function nameOf({ vault, item }: SecretReference): string {
  return `${vault}/${item}`.toLowerCase();
}

function byIds({ text, section, field }: SecretReference, { vaultId, itemId }: ItemPlace): string {
  const query = text.includes('?') ? text.slice(text.indexOf('?')) : '';
  return `op://${[vaultId, itemId, section, field].filter((part) => part !== undefined).join('/')}${query}`;
}
