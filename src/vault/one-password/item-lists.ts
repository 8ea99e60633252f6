import type { Client } from '@1password/sdk';
import type { ItemReference } from '../../core/secret-reference.js';

/** Sends a request to 1Password. Rejects with an `AuthSessionsError`, or the signal's reason. */
export type Ask = <Result>(act: (client: Client) => Promise<Result>, signal?: AbortSignal) => Promise<Result>;

/** The vaults and items that references name. Each list is requested once per run. */
export interface ItemLists {
  find(place: Pick<ItemReference, 'vault' | 'item'>, signal?: AbortSignal): Promise<FoundItems>;
  /** Starts a new run in the same process. */
  forget(): void;
}

export interface FoundItems {
  /** Vaults of this name or ID. */
  readonly vaults: readonly Listed[];
  /** Items of this title or ID, archived ones too. Missing if not exactly one vault has the vault's name. */
  readonly items?: readonly (Listed & { readonly state: string })[];
}

export interface Listed {
  readonly id: string;
  readonly title: string;
  readonly updatedAt: Date;
}

export function createItemLists(ask: Ask): ItemLists {
  const lists = new Map<string, Promise<unknown>>();

  function once<Result>(key: string, list: () => Promise<Result>): Promise<Result> {
    const known = lists.get(key) as Promise<Result> | undefined;
    if (known) return known;
    const listing = list();
    lists.set(key, listing);
    listing.catch(() => lists.delete(key));
    return listing;
  }

  return {
    async find({ vault, item }, signal) {
      const all = await once('', () => ask((client) => client.vaults.list(), signal));
      const vaults = all.filter(isNamed(vault));
      const [found, ...others] = vaults;
      if (!found || others.length > 0) return { vaults };
      const items = await once(found.id, () =>
        ask((client) => client.items.list(found.id, ofAnyState), signal),
      );
      return { vaults, items: items.filter(isNamed(item)) };
    },
    forget: () => lists.clear(),
  };
}

function isNamed(name: string) {
  const wanted = name.toLowerCase();
  return ({ id, title }: { readonly id: string; readonly title: string }) =>
    id.toLowerCase() === wanted || title.toLowerCase() === wanted;
}

const ofAnyState = { type: 'ByState', content: { active: true, archived: true } } as const;
