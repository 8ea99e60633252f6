import type { AuthSessionsError } from '../../core/errors.js';
import type { ItemReference } from '../../core/secret-reference.js';
import { SecretValue } from '../../core/secret-value.js';
import type { Website } from '../../core/website-address.js';
import { websitesOf, type ItemLists } from './item-lists.js';
import type { ItemLocations } from './item-locations.js';
import { unresolved } from './item-reasons.js';
import { isOfReferences, type Answers } from './resolve-in-parts.js';

export interface ItemWebsitesOptions {
  readonly lists: ItemLists;
  readonly locations: ItemLocations;
  /** Whether the websites of its item matter. */
  readonly areWanted: (reference: ItemReference) => boolean;
}

/** Finds the websites of the items of plain references: by one list of each vault in a run. */
export interface ItemWebsites {
  /** Adds them to answers. A value whose item is in no list becomes an error, because nobody knows where it belongs. */
  addTo(answers: Answers, references: readonly ItemReference[], signal?: AbortSignal): Promise<Answers>;
  /** @throws AuthSessionsError if the item is in no list */
  of(reference: ItemReference, signal?: AbortSignal): Promise<readonly Website[] | undefined>;
}

export function createItemWebsites({ lists, locations, areWanted }: ItemWebsitesOptions): ItemWebsites {
  async function find(reference: ItemReference, signal?: AbortSignal) {
    const location = locations.of(reference);
    if (location) return lists.at(location, signal);
    const { items } = await lists.find(reference, signal);
    return items?.find(({ state }) => state === 'active');
  }

  async function of(reference: ItemReference, signal?: AbortSignal): Promise<readonly Website[] | undefined> {
    if (!areWanted(reference)) return undefined;
    const item = await find(reference, signal);
    if (!item) throw notListed(reference);
    return websitesOf(item);
  }

  return {
    of,
    async addTo(answers, references, signal) {
      for (const reference of references) {
        const answer = answers.get(reference.text);
        if (!(answer instanceof SecretValue)) continue;
        try {
          const websites = await of(reference, signal);
          if (websites)
            answers.set(reference.text, new SecretValue(answer.reveal(), answer.label, { websites }));
        } catch (error) {
          if (!isOfReferences(error)) throw error;
          answers.set(reference.text, error);
        }
      }
      return answers;
    },
  };
}

function notListed(reference: ItemReference): AuthSessionsError {
  return unresolved(reference, 'ERR_VAULT_NOT_FOUND', {
    known: 'It was read, but the list of its vault does not have its item, so its websites are not known.',
    next: "Run again. If it fails again, set websites: 'ignore' on its session.",
  });
}
