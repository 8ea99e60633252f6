import { inspect } from 'node:util';
import type { Website } from './website-address.js';

export interface SecretTraits {
  /**
   * How texts are searched for it. A `'code'` (one-time code) must be a whole token: six digits occur in many sizes and
   * times. Default `'value'`.
   */
  readonly kind?: 'value' | 'code';
  /** Whether no worker may get it, as for the vault's token and TOTP seeds. Default `false`. */
  readonly confined?: boolean;
  /** The websites of its item: a flow may type it on these only. Missing: anywhere. */
  readonly websites?: readonly Website[] | undefined;
}

/**
 * A secret on its way from the vault to where it is typed. In any output (string, JSON, `console.log`) it prints as its
 * label. Only `reveal()` returns the value.
 */
export class SecretValue {
  readonly label: string;
  readonly kind: 'value' | 'code';
  readonly confined: boolean;
  readonly websites: readonly Website[] | undefined;
  readonly #value: string;

  constructor(
    value: string,
    label: string,
    { kind = 'value', confined = false, websites }: SecretTraits = {},
  ) {
    this.#value = value;
    this.label = label;
    this.kind = kind;
    this.confined = confined;
    this.websites = websites;
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
