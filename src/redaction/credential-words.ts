import { parseJson } from './redact-json.js';

/**
 * Parts of a stored text that look like credentials: opaque words of at least 16 characters, or 8 if the name suggests
 * a credential; also inside JSON and in the query of a URL. For a JWT, also its payload and its signature separately.
 */
export function credentialWords(text: string, name = ''): string[] {
  const parsed = parseJson(text);
  if (typeof parsed === 'object' && parsed !== null)
    return Object.entries(parsed).flatMap(([key, inner]: [string, unknown]) =>
      credentialWords(
        typeof inner === 'string' ? inner : JSON.stringify(inner),
        /^\d+$/.test(key) ? name : key,
      ),
    );
  const word = typeof parsed === 'string' ? parsed : text;
  if (isUrl.test(word)) return valuesInUrl(word);
  const [, bearer] = /^(?:Bearer|Basic|Token) (\S+)$/i.exec(word) ?? [];
  if (bearer !== undefined) return credentialWords(bearer, 'token');
  const isNamed = credentialName.test(name);
  if (word.length < (isNamed ? shortestNamed : shortestOpaque) || word.length > longest || /\s/.test(word))
    return [];
  // Under such a name, even long plain words count.
  const isWords = !(isNamed && word.length >= shortestOpaque) && isPlainWords(word);
  if (isWords || settings.some((pattern) => pattern.test(word))) return [];
  return [word, ...jwtParts(word)];
}

/** Plain words, dates, times, numbers and addresses: choices of people and settings of programs. */
export function isSetting(value: string): boolean {
  return isPlainWords(value) || settings.some((pattern) => pattern.test(value));
}

/** `comfortable`, `Europe/Berlin`, `showWelcomePanel`: random values do not look like this. */
export function isPlainWords(value: string): boolean {
  const words = value.split(/[-_.:/ ]|(?<=[a-z])(?=[A-Z])/);
  return words.every((word) => /^(?:[A-Za-z][a-z]{1,14}|[A-Z]{2,15})$/.test(word));
}

function valuesInUrl(url: string): string[] {
  const [, query = ''] = /[?#](.*)$/s.exec(url) ?? [];
  return query.split(/[&#?]/).flatMap((pair) => {
    const [name = '', value = ''] = pair.split('=');
    return credentialWords(value, name);
  });
}

/** The header only says how it is signed. */
function jwtParts(word: string): string[] {
  const [, payload, signature] = /^eyJ[\w-]+\.([\w-]+)\.([\w-]*)$/.exec(word) ?? [];
  return [payload, signature].filter(
    (part) => part !== undefined && part.length >= shortestOpaque,
  ) as string[];
}

const shortestOpaque = 16;
const shortestNamed = 8;
/** Headers are not longer than this. Longer text is data. */
const longest = 16_384;
const credentialName = /token|secret|jwt|session|auth|credential|passw|api.?key|private/i;
const isUrl = /^[a-z][a-z0-9+.-]*:\/\/|^\/[\w/-]*(?:[?#]|$)/i;
const settings = [
  /^[a-z]{2,3}(?:[-_][A-Za-z]{2,4})+$/, // languages
  /^[-+]?\d{1,13}(?:\.\d+)?$/, // numbers, times
  /^\d{4}-\d\d-\d\d(?:[T ][\d:.]+(?:Z|[+-][\d:]+)?)?$/,
  /^v?\d+(?:\.\d+)+$/,
  /^[^@\s]+@[\w-]+(?:\.[\w-]+)+$/, // an address
];
