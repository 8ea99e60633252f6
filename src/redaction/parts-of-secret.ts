import { credentialWords } from './credential-words.js';
import { isSearchable } from './common-values.js';
import { parseJson } from './redact-json.js';
import { tellingLines } from './telling-lines.js';

/**
 * Parts of a secret that tests use alone: the token of a `Bearer` header or of a link, the password in a database URL,
 * the key in a service account's JSON. Plain words and settings are left out.
 */
export function partsOfSecret(value: string, name: string): string[] {
  const parts = [...credentialWords(value, name), ...partsOfUrl(value), ...keysOfJson(parseJson(value))];
  return [...new Set(parts)].filter((part) => part !== value && isSearchable(part));
}

function partsOfUrl(value: string): string[] {
  if (/\s/.test(value) || !URL.canParse(value)) return [];
  const { password, pathname } = new URL(value);
  return [password, decoded(password), ...pathname.split('/').flatMap((segment) => credentialWords(segment))];
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Keys of several lines, which single credential words never have. */
function keysOfJson(value: unknown): string[] {
  if (typeof value === 'string') return tellingLines(value).length > 0 ? [value.trim()] : [];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(keysOfJson) : [];
}
