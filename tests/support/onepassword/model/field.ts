import { createId } from './id.js';

/** How 1Password calls the kinds of fields in an item's details. */
export type FieldKind =
  | 'string'
  | 'concealed'
  | 'URL'
  | 'email'
  | 'phone'
  | 'date'
  | 'monthYear'
  | 'menu'
  | 'address'
  | 'reference'
  | 'sshKey'
  | 'file'
  /** A kind that the SDK does not know, as a later one of 1Password. */
  | 'hologram';

export interface Field {
  readonly id: string;
  readonly title: string;
  readonly kind: FieldKind;
  readonly value: unknown;
  /** A field of a login's form; it belongs to no section. */
  readonly designation?: 'username' | 'password';
  /** Further attributes of the kind, as an SSH key has them. */
  readonly attributes?: Readonly<Record<string, unknown>>;
}

export interface Section {
  readonly id: string;
  /** Empty for the section that shows no heading. */
  readonly title: string;
  readonly fields: readonly Field[];
}

/** A field of an item, such as `field('concealed', 'recovery code', '…')`. */
export function field(
  kind: FieldKind,
  title: string,
  value: unknown,
  { id = createId() }: { id?: string } = {},
): Field {
  return { id, title, kind, value };
}

/** A field that gives one-time codes; its value is a base32 seed or an `otpauth://` URI. */
export function totpField(title: string, seed: string, { id = createId() }: { id?: string } = {}): Field {
  return { id: `TOTP_${id}`, title, kind: 'concealed', value: seed };
}

export function section(
  title: string,
  fields: readonly Field[],
  { id = createId() }: { id?: string } = {},
): Section {
  return { id, title, fields };
}
