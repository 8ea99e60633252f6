import { AuthSessionsError } from '../../core/errors.js';
import type { ItemReference } from '../../core/secret-reference.js';
import { sdkText } from './sdk-text.js';

/** Remembers the IDs of items found in this run: a field costs one request by ID, and three by name. */
export interface ItemLocations {
  learn(reference: ItemReference, location: ItemLocation): void;
  /** Requests a reference by its item's IDs if known, and by name if that fails. */
  at<Result>(reference: ItemReference, ask: (text: string) => Promise<Result>): Promise<Result>;
}

export interface ItemLocation {
  readonly vaultId: string;
  readonly itemId: string;
}

export function createItemLocations(): ItemLocations {
  const locations = new Map<string, ItemLocation>();
  return {
    learn: (reference, { vaultId, itemId }) => void locations.set(nameOf(reference), { vaultId, itemId }),
    async at(reference, ask) {
      const location = locations.get(nameOf(reference));
      if (!location) return ask(sdkText(reference));
      try {
        return await ask(byIds(reference, location));
      } catch (error) {
        if (!(error instanceof AuthSessionsError) || error.code !== 'ERR_VAULT_NOT_FOUND') throw error;
        locations.delete(nameOf(reference));
        return ask(sdkText(reference));
      }
    },
  };
}

function nameOf({ vault, item }: ItemReference): string {
  return `${vault}/${item}`.toLowerCase();
}

function byIds({ text, section, field }: ItemReference, { vaultId, itemId }: ItemLocation): string {
  const query = text.includes('?') ? text.slice(text.indexOf('?')) : '';
  return `op://${[vaultId, itemId, section, field].filter((part) => part !== undefined).join('/')}${query}`;
}
