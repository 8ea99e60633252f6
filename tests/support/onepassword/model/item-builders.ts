import { field, section, totpField } from './field.js';
import type { Field, Section } from './field.js';
import { createFile } from './file.js';
import type { ItemCategory, ItemContents, ItemUrl } from './item.js';

/** What items of every category may have. */
export interface ItemOptions {
  readonly title: string;
  readonly id?: string;
  /** Fields shown under no heading, after the category's own. */
  readonly fields?: readonly Field[];
  readonly sections?: readonly Section[];
  readonly notes?: string;
  readonly tags?: readonly string[];
  readonly urls?: readonly ItemUrl[];
}

export interface LoginOptions extends ItemOptions {
  readonly username?: string;
  readonly password?: string;
  /** A base32 seed or an `otpauth://` URI; it becomes the field "one-time password". */
  readonly totp?: string;
}

/** @example login({ title: 'consultations-admin', username: 'ada', password: '…', totp: 'JBSWY3DPEHPK3PXP' }) */
export function login({ username = '', password = '', totp, ...options }: LoginOptions): ItemContents {
  const codes = totp === undefined ? [] : [totpField('one-time password', totp)];
  return item('Login', options, {
    formFields: [
      { ...field('string', 'username', username, { id: 'username' }), designation: 'username' },
      { ...field('concealed', 'password', password, { id: 'password' }), designation: 'password' },
    ],
    fields: codes,
  });
}

/** A text alone: its `notes`. */
export function secureNote(options: ItemOptions): ItemContents {
  return item('SecureNote', options);
}

export function passwordItem({ password, ...options }: ItemOptions & { password: string }): ItemContents {
  const formFields: Field[] = [
    { ...field('concealed', 'password', password, { id: 'password' }), designation: 'password' },
  ];
  return item('Password', options, { formFields });
}

export function apiCredentials({
  username = '',
  credential,
  ...options
}: ItemOptions & { username?: string; credential: string }): ItemContents {
  return item('ApiCredentials', options, {
    fields: [
      field('string', 'username', username, { id: 'username' }),
      field('concealed', 'credential', credential, { id: 'credential' }),
    ],
  });
}

/** A Document item: a file alone. */
export function documentItem({
  file,
  ...options
}: ItemOptions & { file: readonly [name: string, content: string | Uint8Array] }): ItemContents {
  return { ...item('Document', options), document: createFile(...file) };
}

/** An item of any category, with nothing but what is given. */
export function item(
  category: ItemCategory,
  { fields = [], sections = [], ...options }: ItemOptions,
  own: { formFields?: readonly Field[]; fields?: readonly Field[] } = {},
): ItemContents {
  const unnamed = [...(own.fields ?? []), ...fields];
  return {
    ...options,
    category,
    formFields: own.formFields ?? [],
    sections: [...(unnamed.length > 0 ? [section('', unnamed, { id: '' })] : []), ...sections],
  };
}
