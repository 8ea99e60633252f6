import { AuthSessionsError } from './errors.js';

/** How a project writes a reference. `${VAR}` parts are expanded from the environment. */
export type SecretReferenceText = `op://${string}/${string}/${string}`;

/** How a project writes a login: a Login item, whose values are found by their purpose. */
export type LoginReferenceText = `op://${string}/${string}`;

/** What a Login item signs in with. */
export type LoginPurpose = 'username' | 'password' | 'totp';

/** A parsed reference: where a value is, never the value. Names are case-insensitive. */
export interface SecretReference {
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
}

/**
 * Parses `op://vault/item/[section/]field[?attribute=otp]`, where a field may also be a file. Stricter than 1Password's SDK: no empty, `.` or `..`
 * part, no space around a part, one query parameter at most. `variables` expands `${VAR}`.
 *
 * Syntax: https://www.1password.dev/cli/secret-reference-syntax
 * @throws AuthSessionsError `ERR_REFERENCE_INVALID`
 */
export function parseSecretReference(
  text: string,
  variables: Readonly<Record<string, string | undefined>> = {},
): SecretReference {
  const { expanded, parts, query } = split(text, variables);
  if (parts.length < 3 || parts.length > 4)
    throw invalid(text, `It has ${parts.length} parts, not 3 or 4.`, 'op://vault/item/[section/]field');
  for (const part of parts) {
    checkPart(part, text);
    checkCharacters(part, text);
  }
  const [vault = '', item = '', third = '', fourth] = parts;
  return {
    text: expanded,
    vault,
    item,
    section: fourth === undefined ? undefined : third,
    field: fourth ?? third,
    kind: parseQuery(query, text),
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
): Readonly<Record<LoginPurpose, SecretReference>> {
  const { expanded, parts, query } = split(text, variables);
  if (parts.length !== 2 || query !== undefined)
    throw invalid(text, 'A login names a whole item.', 'op://vault/item, without a field');
  for (const part of parts) checkPart(part, text, 'op://vault/item');
  const [vault = '', item = ''] = parts;
  const found = { vault, item, section: undefined };
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

/** As 1Password names it in new items. */
const codeField = 'one-time password';

function valueOf(item: string, purpose: 'username' | 'password') {
  return { text: `${item}/${purpose}`, field: purpose, kind: 'value', purpose } as const;
}

function split(text: string, variables: Readonly<Record<string, string | undefined>>) {
  const expanded = expandVariables(text, variables);
  const [path = '', ...queries] = withoutScheme(expanded, text).split('?');
  if (queries.length > 1) throw invalid(text, 'It has more than one "?".');
  return { expanded, parts: path.split('/'), query: queries[0] };
}

/** The same reference, to a file that is always read in Base64. */
export function inBase64(reference: SecretReference): SecretReference {
  if (reference.kind !== 'value') return reference;
  return { ...reference, text: `${reference.text}?${base64Query}`, kind: 'bytes' };
}

/** Of this package: 1Password's own references give only files of text. */
const base64Query = 'encoding=base64';

/** The text that references to the same field share, ignoring case. */
export function referenceIdentity({ vault, item, section, field, kind }: SecretReference): string {
  return [vault, item, section ?? '', field, kind].join('/').toLowerCase();
}

function expandVariables(text: string, variables: Readonly<Record<string, string | undefined>>): string {
  return text.replaceAll(/\$\{([^}]*)\}/g, (_, name: string) => {
    const value = variables[name];
    if ((value === undefined || value === '') && !looksLikeReference(text)) throw notAReference();
    if (value === undefined || value === '')
      throw invalid(
        text,
        `The environment variable "${name}" in it is not set.`,
        `set ${name}, or write the name`,
      );
    return value;
  });
}

function withoutScheme(expanded: string, text: string): string {
  if (expanded.startsWith('op://')) return expanded.slice('op://'.length);
  if (looksLikeReference(text))
    throw invalid(text, 'The scheme must come first, in lower case.', 'op://vault/item/field');
  throw notAReference();
}

function looksLikeReference(text: string): boolean {
  return /^\s*op:\/\//i.test(text);
}

function checkPart(part: string, text: string, wanted = 'op://vault/item/[section/]field'): void {
  if (part === '') throw invalid(text, 'One of its parts is empty.', wanted);
  if (part === '.' || part === '..') throw invalid(text, `"${part}" is not a name.`, wanted);
  if (part.trim() !== part) throw invalid(text, 'One of its parts begins or ends with a space.', wanted);
}

function checkCharacters(part: string, text: string): void {
  const unusable = /[^A-Za-z0-9_. -]/u.exec(part)?.[0];
  if (unusable !== undefined)
    throw invalid(
      text,
      `1Password does not allow "${unusable}" in a reference.`,
      'for names with other characters, use the ID of the vault, item or field',
    );
}

function parseQuery(query: string | undefined, text: string): SecretReference['kind'] {
  if (query === undefined) return 'value';
  const lower = query.toLowerCase();
  if (lower === 'attribute=otp' || lower === 'attribute=totp') {
    if (query === lower) return 'totp';
  } else if (query === 'ssh-format=openssh') return 'ssh-key';
  else if (query === base64Query) return 'bytes';
  if (/^attribute=(type|value|id|purpose|title|content|size|name)$/i.test(query))
    throw invalid(text, `"${query}" works only in 1Password's command line.`, 'leave it out');
  throw invalid(
    text,
    `"?${query}" is not a known query.`,
    '?attribute=otp, ?encoding=base64 or ?ssh-format=openssh',
  );
}

/** The text is not quoted: it may be the secret itself. */
function notAReference(): AuthSessionsError {
  return new AuthSessionsError('ERR_REFERENCE_INVALID', {
    failed: 'A parameter is not a secret reference.',
    known: 'It does not begin with "op://". It is not shown, because it may be a secret.',
    next: 'Write where the value is, not the value itself: op://vault/item/field. If it was a secret, change it now.',
  });
}

function invalid(text: string, known: string, wanted = 'op://vault/item/field'): AuthSessionsError {
  return new AuthSessionsError(
    'ERR_REFERENCE_INVALID',
    {
      failed: `Secret reference ${JSON.stringify(text)} is malformed.`,
      known,
      next: `Expected: ${wanted}. Copy it with "Copy Secret Reference" in 1Password.`,
    },
    { reference: text },
  );
}
