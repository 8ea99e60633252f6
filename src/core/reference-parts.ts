import { expandVariables, looksLikeReference } from './expand-variables.js';
import { malformedReference, notAReference } from './reference-errors.js';

/** The parts of a reference's text, with its variables expanded. */
export function splitReference(text: string, variables: Readonly<Record<string, string | undefined>>) {
  const expanded = expandVariables(text, variables);
  const { scheme, rest } = withoutScheme(expanded, text);
  const [path = '', ...queries] = rest.split('?');
  if (queries.length > 1) throw malformedReference(text, 'It has more than one "?".');
  return { expanded, scheme, parts: path.split('/'), query: queries[0] };
}

/** The kind of value that a reference's query asks for. */
export function parseReferenceQuery(query: string | undefined, text: string): ReferenceKind {
  if (query === undefined) return 'value';
  const lower = query.toLowerCase();
  if (lower === 'attribute=otp' || lower === 'attribute=totp') {
    if (query === lower) return 'totp';
  } else if (query === 'ssh-format=openssh') return 'ssh-key';
  else if (query === base64Query) return 'bytes';
  if (/^attribute=(type|value|id|purpose|title|content|size|name)$/i.test(query))
    throw malformedReference(text, `"${query}" works only in 1Password's command line.`, 'leave it out');
  throw malformedReference(
    text,
    `"?${query}" is not a known query.`,
    '?attribute=otp, ?encoding=base64 or ?ssh-format=openssh',
  );
}

/** Refuses characters that 1Password does not allow in a name. */
export function checkReferenceCharacters(part: string, text: string): void {
  const unusable = /[^A-Za-z0-9_. -]/u.exec(part)?.[0];
  if (unusable !== undefined)
    throw malformedReference(
      text,
      `1Password does not allow "${unusable}" in a reference.`,
      'for names with other characters, use the ID of the vault, item or field',
    );
}

function withoutScheme(
  expanded: string,
  text: string,
): { readonly scheme: 'op' | 'op-env'; readonly rest: string } {
  for (const scheme of ['op', 'op-env'] as const)
    if (expanded.startsWith(`${scheme}://`)) return { scheme, rest: expanded.slice(scheme.length + 3) };
  if (looksLikeReference(text))
    throw malformedReference(text, 'The scheme must come first, in lower case.', 'op://vault/item/field');
  throw notAReference();
}

/** A query of this package alone: 1Password's references give only files of text. */
export const base64Query = 'encoding=base64';

type ReferenceKind = 'value' | 'totp' | 'ssh-key' | 'bytes';
