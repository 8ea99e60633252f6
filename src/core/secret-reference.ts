import { checkReferencePart, malformedReference } from './reference-errors.js';
import {
  base64Query,
  checkReferenceCharacters,
  parseReferenceQuery,
  splitReference,
} from './reference-parts.js';

/** How a project writes a reference. `${VAR}` parts are expanded from the environment. */
export type SecretReferenceText = `op://${string}/${string}/${string}` | EnvironmentReferenceText;

/** A variable of a 1Password Environment, by the ID of the Environment. */
export type EnvironmentReferenceText = `op-env://${string}/${string}`;

/** How a project writes a login: a Login item, whose values are found by their purpose. */
export type LoginReferenceText = `op://${string}/${string}`;

/** What a Login item signs in with. */
export type LoginPurpose = 'username' | 'password' | 'totp';

/** A parsed reference: where a value is, never the value. */
export type SecretReference = ItemReference | EnvironmentReference;

/** A field of an item. Names are case-insensitive. */
export interface ItemReference {
  readonly source: 'item';
  /** The reference with variables expanded, as sent to the vault. */
  readonly text: string;
  readonly vault: string;
  readonly item: string;
  readonly section: string | undefined;
  readonly field: string;
  /**
   * `totp` for `?attribute=otp` and `?attribute=totp`: a code, which must not be cached. `bytes` for
   * `?encoding=base64`: a file, whose value is its bytes in Base64.
   */
  readonly kind: 'value' | 'totp' | 'ssh-key' | 'bytes';
  /** Set for a value of a login: the item's own field for it counts. `field` only names it. */
  readonly purpose?: LoginPurpose;
  /** The vault connection that its session names. [the suite's own vault] */
  readonly connection?: string;
}

/** A variable of a 1Password Environment. Its name is case-sensitive. */
export interface EnvironmentReference {
  readonly source: 'environment';
  /** The reference with variables expanded. */
  readonly text: string;
  /** The ID of the Environment, in lower case. */
  readonly environment: string;
  readonly variable: string;
  /** `totp` for `?attribute=otp`: the variable has a seed, which gives codes. */
  readonly kind: 'value' | 'totp';
  readonly purpose?: undefined;
  /** The vault connection that its session names. [the suite's own vault] */
  readonly connection?: string;
}

/**
 * Parses `op://vault/item/[section/]field[?attribute=otp]`, where a field may also be a file. Stricter than 1Password's
 * SDK: no empty, `.` or `..` part, no space around a part, one query parameter at most. Also parses
 * `op-env://ENVIRONMENT_ID/NAME[?attribute=otp]`. `variables` expands `${VAR}`.
 *
 * Syntax: https://www.1password.dev/cli/secret-reference-syntax
 * @throws AuthSessionsError `ERR_REFERENCE_INVALID`
 */
export function parseSecretReference(
  text: string,
  variables: Readonly<Record<string, string | undefined>> = {},
): SecretReference {
  const { expanded, scheme, parts, query } = splitReference(text, variables);
  if (scheme === 'op-env') return environmentReference(text, expanded, { parts, query });
  if (parts.length < 3 || parts.length > 4)
    throw malformedReference(text, `It has ${parts.length} parts, not 3 or 4.`, itemForm);
  for (const part of parts) {
    checkReferencePart(part, text, itemForm);
    checkReferenceCharacters(part, text);
  }
  const [vault = '', item = '', third = '', fourth] = parts;
  return {
    source: 'item',
    text: expanded,
    vault,
    item,
    section: fourth === undefined ? undefined : third,
    field: fourth ?? third,
    kind: parseReferenceQuery(query, text),
  };
}

/**
 * Parses `op://vault/item` into references to the item's username, password and one-time password. Names may have any
 * characters but `/` and `?`. Local credentials have the keys of fields with these names.
 *
 * @throws AuthSessionsError `ERR_REFERENCE_INVALID`
 */
export function parseLogin(
  text: string,
  variables: Readonly<Record<string, string | undefined>> = {},
): Readonly<Record<LoginPurpose, ItemReference>> {
  const { expanded, scheme, parts, query } = splitReference(text, variables);
  if (scheme !== 'op' || parts.length !== 2 || query !== undefined)
    throw malformedReference(text, 'A login names a whole item.', 'op://vault/item, without a field');
  for (const part of parts) checkReferencePart(part, text, 'op://vault/item');
  const [vault = '', item = ''] = parts;
  const found = { source: 'item', vault, item, section: undefined } as const;
  return {
    username: { ...found, ...valueOf(expanded, 'username') },
    password: { ...found, ...valueOf(expanded, 'password') },
    totp: {
      ...found,
      text: `${expanded}/${codeField}?attribute=otp`,
      field: codeField,
      kind: 'totp',
      purpose: 'totp',
    },
  };
}

function environmentReference(
  text: string,
  expanded: string,
  { parts, query }: { readonly parts: readonly string[]; readonly query: string | undefined },
): EnvironmentReference {
  if (parts.length !== 2)
    throw malformedReference(text, `It has ${parts.length} parts, not 2.`, environmentForm);
  for (const part of parts) checkReferencePart(part, text, environmentForm);
  const [id = '', variable = ''] = parts;
  if (!/^[a-z2-7]{26}$/i.test(id))
    throw malformedReference(
      text,
      `"${id}" is not the ID of an Environment: 26 letters and digits.`,
      `${environmentForm}, with the ID from Manage environment > Copy environment ID`,
    );
  const kind = parseReferenceQuery(query, text);
  if (kind === 'ssh-key' || kind === 'bytes')
    throw malformedReference(text, 'A variable is a text.', `${environmentForm}[?attribute=otp]`);
  return { source: 'environment', text: expanded, environment: id.toLowerCase(), variable, kind };
}

/** As 1Password names it in new items. */
const codeField = 'one-time password';

const itemForm = 'op://vault/item/[section/]field';
const environmentForm = 'op-env://ENVIRONMENT_ID/NAME';

function valueOf(item: string, purpose: 'username' | 'password') {
  return { text: `${item}/${purpose}`, field: purpose, kind: 'value', purpose } as const;
}

/** The same reference, to a file that is always read in Base64. */
export function inBase64(reference: SecretReference): SecretReference {
  if (reference.source !== 'item' || reference.kind !== 'value') return reference;
  return { ...reference, text: `${reference.text}?${base64Query}`, kind: 'bytes' };
}

/** Whether it refers to an item of a vault. */
export function isItemReference(reference: SecretReference): reference is ItemReference {
  return reference.source === 'item';
}

/** The text that references to the same field or variable of the same connection share. */
export function referenceIdentity(reference: SecretReference): string {
  const place = placeOf(reference);
  return reference.connection === undefined ? place : `${reference.connection}:${place}`;
}

function placeOf(reference: SecretReference): string {
  if (reference.source === 'environment')
    return ['op-env:', reference.environment, reference.variable, reference.kind].join('/');
  const { vault, item, section, field, kind } = reference;
  return [vault, item, section ?? '', field, kind].join('/').toLowerCase();
}
