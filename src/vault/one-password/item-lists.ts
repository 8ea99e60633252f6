import type { Client } from '@1password/sdk';
import type { ItemReference } from '../../core/secret-reference.js';
import { bindingWebsites, type AutofillBehavior, type Website } from '../../core/website-address.js';
import type { ItemLocation } from './item-locations.js';

/** Sends a request to 1Password. Rejects with an `AuthSessionsError`, or the signal's reason. */
export type Ask = <Result>(act: (client: Client) => Promise<Result>, signal?: AbortSignal) => Promise<Result>;

/** The vaults and items that references name. Each list is requested once per run. */
export interface ItemLists {
  find(place: Pick<ItemReference, 'vault' | 'item'>, signal?: AbortSignal): Promise<FoundItems>;
  /** The item at a place. `undefined` if its vault's list does not have it, even if the list is requested again. */
  at(location: ItemLocation, signal?: AbortSignal): Promise<ListedItem | undefined>;
  /** Starts a new run in the same process. */
  forget(): void;
}

export interface FoundItems {
  /** Vaults of this name or ID. */
  readonly vaults: readonly Listed[];
  /** Items of this title or ID, archived ones too. Missing if not exactly one vault has the vault's name. */
  readonly items?: readonly ListedItem[];
}

export interface ListedItem extends Listed {
  readonly state: string;
  readonly websites: readonly SdkWebsite[];
}

/** The SDK's type has an enumeration, whose import would load the SDK. */
export interface SdkWebsite {
  readonly url: string;
  readonly autofillBehavior: string;
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

  const itemsOf = (vaultId: string, signal?: AbortSignal) =>
    once(vaultId, () => ask((client) => client.items.list(vaultId, ofAnyState), signal));

  return {
    async find({ vault, item }, signal) {
      const all = await once('', () => ask((client) => client.vaults.list(), signal));
      const vaults = all.filter(isNamed(vault));
      const [found, ...others] = vaults;
      if (!found || others.length > 0) return { vaults };
      const items = await itemsOf(found.id, signal);
      return { vaults, items: items.filter(isNamed(item)) };
    },
    async at({ vaultId, itemId }, signal) {
      const inList = async () => (await itemsOf(vaultId, signal)).find(({ id }) => id === itemId);
      const known = await inList();
      // It may be newer than the list.
      if (!known) lists.delete(vaultId);
      return known ?? (await inList());
    },
    forget: () => lists.clear(),
  };
}

/** The websites that bind an item's values, in our types. */
export function websitesOf({
  websites,
}: {
  readonly websites: readonly SdkWebsite[];
}): readonly Website[] | undefined {
  return bindingWebsites(
    websites.map(({ url, autofillBehavior }) => ({
      url,
      autofillBehavior: autofillBehavior as AutofillBehavior,
    })),
  );
}

function isNamed(name: string) {
  const wanted = name.toLowerCase();
  return ({ id, title }: { readonly id: string; readonly title: string }) =>
    id.toLowerCase() === wanted || title.toLowerCase() === wanted;
}

const ofAnyState = { type: 'ByState', content: { active: true, archived: true } } as const;
