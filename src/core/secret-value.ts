import { inspect } from 'node:util';

export interface SecretTraits {
  /**
   * How it is looked for in texts. A `'code'` (one-time code) is found as a whole token only: six digits are part of
   * many sizes and times. Default `'value'`.
   */
  readonly kind?: 'value' | 'code';
  /** Whether no worker may ever be told it, as the vault's token and TOTP seeds. Default `false`. */
  readonly confined?: boolean;
}

/**
 * A secret on its way from the vault to the line where it is typed. It prints as its label, whoever prints
 * it and however (string, JSON, `console.log`); only `reveal()` gives the value.
 */
export class SecretValue {
  readonly label: string;
  readonly kind: 'value' | 'code';
  readonly confined: boolean;
  readonly #value: string;

  constructor(value: string, label: string, { kind = 'value', confined = false }: SecretTraits = {}) {
    this.#value = value;
    this.label = label;
    this.kind = kind;
    this.confined = confined;
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
