import { createSymmetricKey } from '../crypto/envelope.js';
import type { SymmetricKey } from '../crypto/envelope.js';
import { checkId, createId } from './id.js';
import { Item } from './item.js';
import type { ItemContents } from './item.js';

export interface VaultOptions {
  readonly title: string;
  readonly id?: string;
  readonly description?: string;
  /** How 1Password writes its type: `U` for a vault that somebody created, `D` for an Environment. [U] */
  readonly type?: 'U' | 'D';
}

/** A vault with its items, and the key that they are encrypted under. */
export class Vault {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly type: 'U' | 'D';
  readonly key: SymmetricKey;
  readonly createdAtMs: number;
  readonly #nowMs: () => number;
  #items: readonly Item[] = [];
  #contentVersion = 1;
  #updatedAtMs: number;

  constructor({ title, id, description = '', type = 'U' }: VaultOptions, nowMs: () => number) {
    this.id = id === undefined ? createId() : checkId(id);
    this.title = title;
    this.description = description;
    this.type = type;
    this.key = createSymmetricKey(createId());
    this.#nowMs = nowMs;
    this.createdAtMs = this.#updatedAtMs = nowMs();
  }

  /** Adds an item and gives the handle to change it with. Titles may be taken already, as in 1Password. */
  addItem(contents: ItemContents): Item {
    const item = new Item(contents, this.#nowMs, (changed) => this.#note(changed));
    if (this.item(item.id)) throw new TypeError(`Vault "${this.title}" has an item of id "${item.id}".`);
    this.#items = [...this.#items, item];
    this.#note(item);
    return item;
  }

  /** Items in the order they were added, archived ones among them. */
  get items(): readonly Item[] {
    return this.#items;
  }

  item(id: string): Item | undefined {
    return this.#items.find((item) => item.id === id);
  }

  /** Grows with every change of the items. */
  get contentVersion(): number {
    return this.#contentVersion;
  }

  get updatedAtMs(): number {
    return this.#updatedAtMs;
  }

  #note(changed: Item): void {
    if (changed.removed) this.#items = this.#items.filter((item) => item !== changed);
    this.#contentVersion += 1;
    this.#updatedAtMs = this.#nowMs();
  }
}
