import type { Field, Section } from './field.js';
import type { StoredFile } from './file.js';
import { checkId, createId } from './id.js';

/** A website, with the SDK's `autofillBehavior` as 1Password's clients store it. */
export type ItemUrl = string | { readonly url: string; readonly mode: 'default' | 'host' | 'never' };

/** What an item is made of; `login`, `apiCredentials` and their like build it. */
export interface ItemContents {
  readonly title: string;
  readonly category: ItemCategory;
  readonly id?: string | undefined;
  /** Fields outside sections: a login's user name and password. */
  readonly formFields: readonly Field[];
  readonly sections: readonly Section[];
  /** Of a Document item. */
  readonly document?: StoredFile | undefined;
  readonly notes?: string | undefined;
  readonly tags?: readonly string[] | undefined;
  readonly urls?: readonly ItemUrl[] | undefined;
}

/** An item in a vault. What is changed here is what the next request sees. */
export class Item {
  readonly id: string;
  readonly createdAtMs: number;
  readonly #nowMs: () => number;
  readonly #onChange: (item: Item) => void;
  #contents: ItemContents;
  #updatedAtMs: number;
  #version = 1;
  #archived = false;
  #removed = false;

  constructor(contents: ItemContents, nowMs: () => number, onChange: (item: Item) => void) {
    this.id = contents.id === undefined ? createId() : checkId(contents.id);
    this.#contents = contents;
    this.#nowMs = nowMs;
    this.#onChange = onChange;
    this.createdAtMs = this.#updatedAtMs = nowMs();
  }

  get contents(): ItemContents {
    return this.#contents;
  }

  get title(): string {
    return this.#contents.title;
  }

  get version(): number {
    return this.#version;
  }

  get updatedAtMs(): number {
    return this.#updatedAtMs;
  }

  get archived(): boolean {
    return this.#archived;
  }

  get removed(): boolean {
    return this.#removed;
  }

  /** Changes the one field with this title or id. @throws TypeError if no field matches, or more than one */
  setField(titleOrId: string, value: string): void {
    let found = 0;
    const change = (field: Field): Field => {
      if (field.title !== titleOrId && field.id !== titleOrId) return field;
      found += 1;
      return { ...field, value };
    };
    const formFields = this.#contents.formFields.map(change);
    const sections = this.#contents.sections.map((section) => ({
      ...section,
      fields: section.fields.map(change),
    }));
    if (found !== 1) throw new TypeError(`Item "${this.title}" has ${found} fields named "${titleOrId}".`);
    this.#change(() => (this.#contents = { ...this.#contents, formFields, sections }));
  }

  rename(title: string): void {
    this.#change(() => (this.#contents = { ...this.#contents, title }));
  }

  /** Hides the item from titles, as the archive does; its id still leads to it. */
  archive(): void {
    this.#change(() => (this.#archived = true));
  }

  restore(): void {
    this.#change(() => (this.#archived = false));
  }

  remove(): void {
    this.#change(() => (this.#removed = true));
  }

  #change(change: () => void): void {
    change();
    this.#version += 1;
    this.#updatedAtMs = this.#nowMs();
    this.#onChange(this);
  }
}

export type ItemCategory = keyof typeof TEMPLATES;

/** The template of each category; the SDK shows a template as `ItemOverview.category`. */
export const TEMPLATES = {
  Login: '001',
  CreditCard: '002',
  SecureNote: '003',
  Identity: '004',
  Password: '005',
  Document: '006',
  SoftwareLicense: '100',
  BankAccount: '101',
  Database: '102',
  DriverLicense: '103',
  OutdoorLicense: '104',
  Membership: '105',
  Passport: '106',
  Rewards: '107',
  SocialSecurityNumber: '108',
  Router: '109',
  Server: '110',
  Email: '111',
  ApiCredentials: '112',
  MedicalRecord: '113',
  SshKey: '114',
  CryptoWallet: '115',
} as const;
