import { AuthSessionsError } from './errors.js';

/** How a project writes a reference. `${VAR}` parts are expanded from the environment. */
export type SecretReferenceText = `op://${string}/${string}/${string}`;

/** A parsed reference: where a value is, never the value. Names are case-insensitive. */
export interface SecretReference {
  /** The reference with variables expanded, as sent to the vault. */
  readonly text: string;
  readonly vault: string;
  readonly item: string;
  readonly section: string | undefined;
  readonly field: string;
  /** `totp` for `?attribute=otp` and `?attribute=totp`: a code, which must not be cached. */
  readonly kind: 'value' | 'totp' | 'ssh-key';
}

/**
 * Parses `op://vault/item/[section/]field[?attribute=otp]`, stricter than 1Password's SDK: no empty, `.` or `..`
 * part, no space around a part, one query parameter at most. `variables` expands `${VAR}`.
 *
 * Syntax: https://www.1password.dev/cli/secret-reference-syntax
 * @throws AuthSessionsError `ERR_REFERENCE_INVALID`
 */
export function parseSecretReference(
  text: string,
  variables: Readonly<Record<string, string | undefined>> = {},
): SecretReference {
  const expanded = expandVariables(text, variables);
  const [path = '', ...queries] = withoutScheme(expanded, text).split('?');
  if (queries.length > 1) throw invalid(text, 'It has more than one "?".');
  const parts = path.split('/');
  if (parts.length < 3 || parts.length > 4)
    throw invalid(text, `It has ${parts.length} parts, not 3 or 4.`, 'op://vault/item/[section/]field');
  for (const part of parts) checkPart(part, text);
  const [vault = '', item = '', third = '', fourth] = parts;
  return {
    text: expanded,
    vault,
    item,
    section: fourth === undefined ? undefined : third,
    field: fourth ?? third,
    kind: parseQuery(queries[0], text),
  };
}

/** Whether two references name the same field, ignoring case. */
export function sameReference(one: SecretReference, other: SecretReference): boolean {
  return referenceIdentity(one) === referenceIdentity(other);
}

/** The text that equal references share. */
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

function checkPart(part: string, text: string): void {
  if (part === '') throw invalid(text, 'One of its parts is empty.', 'op://vault/item/[section/]field');
  if (part === '.' || part === '..') throw invalid(text, `"${part}" is not a name.`);
  if (part.trim() !== part) throw invalid(text, 'One of its parts begins or ends with a space.');
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
  if (/^attribute=(type|value|id|purpose|title|content|size|name)$/i.test(query))
    throw invalid(text, `"${query}" works only in 1Password's command line.`, 'leave it out');
  throw invalid(text, `"?${query}" is not a known query.`, '?attribute=otp or ?ssh-format=openssh');
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
