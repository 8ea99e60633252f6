import { field, section } from './field.js';
import { createId } from './id.js';
import type { Item } from './item.js';
import { Vault } from './vault.js';

export interface EnvironmentOptions {
  readonly name: string;
  readonly id?: string;
  /** Masked values by name. */
  readonly variables?: Readonly<Record<string, string>>;
}

/**
 * An Environment, as the SDK reads one: a vault of another type, with a single item, whose section fields are the
 * variables. Which category the item of a real Environment has is unknown: the SDK takes any.
 */
export class Environment {
  readonly name: string;
  readonly vault: Vault;
  readonly #itemId = createId();
  #variables: readonly Variable[] = [];

  constructor({ name, id, variables = {} }: EnvironmentOptions, nowMs: () => number) {
    this.name = name;
    this.vault = new Vault({ title: name, type: 'D', ...(id !== undefined && { id }) }, nowMs);
    this.#write(Object.entries(variables).map(([each, value]) => ({ name: each, value, masked: true })));
  }

  get id(): string {
    return this.vault.id;
  }

  /** Sets a variable, or adds it. */
  set(name: string, value: string, { masked = true }: { readonly masked?: boolean } = {}): void {
    this.#write([...this.#variables.filter((one) => one.name !== name), { name, value, masked }]);
  }

  /** Adds a variable whose name may be taken. */
  add(name: string, value: string): void {
    this.#write([...this.#variables, { name, value, masked: true }]);
  }

  /** Removes all variables, and what else was added to its vault. */
  clear(): void {
    for (const item of this.vault.items) item.remove();
    this.#write([]);
  }

  get variables(): readonly Variable[] {
    return this.#variables;
  }

  get item(): Item {
    const item = this.vault.item(this.#itemId);
    if (!item) throw new TypeError(`Environment "${this.name}" has no item.`);
    return item;
  }

  #write(variables: readonly Variable[]): void {
    this.#variables = variables;
    this.vault.item(this.#itemId)?.remove();
    const fields = variables.map(({ name, value, masked }) =>
      field(masked ? 'concealed' : 'string', name, value),
    );
    this.vault.addItem({
      id: this.#itemId,
      title: this.name,
      category: 'SecureNote',
      formFields: [],
      sections: [section('', fields)],
    });
  }
}

export interface Variable {
  readonly name: string;
  readonly value: string;
  readonly masked: boolean;
}
