import { inspect } from 'node:util';

/**
 * A secret on its way from the vault to the line where it is typed. It prints as its label, whoever prints
 * it and however (string, JSON, `console.log`); only `reveal()` gives the value.
 */
export class SecretValue {
  readonly label: string;
  readonly #value: string;

  constructor(value: string, label: string) {
    this.#value = value;
    this.label = label;
  }

  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return `[secret ${this.label}]`;
  }

  toJSON(): string {
    return this.toString();
  }

  [inspect.custom](): string {
    return this.toString();
  }
}
