import { markerOf } from '../redaction/redaction-marker.js';

/**
 * Redacts credentials in network entries by their place, known or not: values of cookies and of authorization headers.
 * Cookie names and attributes stay. Works on parsed JSON of traces and HAR files.
 */
export function redactHeaders(value: unknown, key = ''): unknown {
  if (Array.isArray(value)) return redactList(value as unknown[], key);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([name, inner]: [string, unknown]) => [
    name,
    redactHeaders(inner, name),
  ]);
  return Object.fromEntries(entries) as unknown;
}

/** Whether a JSON text may contain such places: most do not, and need no parsing. */
export function mayHaveHeaders(json: string): boolean {
  return hint.test(json);
}

function redactList(list: readonly unknown[], key: string): unknown[] {
  return list.map((item) => {
    if (!isNamed(item)) return redactHeaders(item, key);
    const name = item.name.toLowerCase();
    if (key === 'cookies') return { ...item, value: markUnlessMarked(item.value, `cookie ${item.name}`) };
    if (name === 'cookie') return { ...item, value: redactCookies(item.value) };
    if (name === 'set-cookie') return { ...item, value: redactSetCookies(item.value) };
    if (authorization.has(name)) return { ...item, value: markUnlessMarked(item.value, 'authorization') };
    return redactHeaders(item, key);
  });
}

function redactCookies(header: string): string {
  return header
    .split(';')
    .map((pair) => redactPair(pair))
    .join(';');
}

/** Several cookies are separated by lines. */
function redactSetCookies(header: string): string {
  return header
    .split('\n')
    .map((line) => line.replace(/^[^;]*/, redactPair))
    .join('\n');
}

function redactPair(pair: string): string {
  const [, name, value] = /^([^=]*)=(.*)$/s.exec(pair) ?? [undefined, '', pair];
  if (value.trim() === '') return pair;
  const marked = markUnlessMarked(value, name.trim() === '' ? 'cookie' : `cookie ${name.trim()}`);
  return name === '' ? marked : `${name}=${marked}`;
}

/** A known value already has its marker, which is more specific. */
function markUnlessMarked(value: string, label: string): string {
  return value === '' || /^"?\[redacted:[^\]]*\]"?$/.test(value.trim()) ? value : markerOf(label);
}

function isNamed(item: unknown): item is { name: string; value: string } {
  return (
    typeof item === 'object' &&
    item !== null &&
    'name' in item &&
    typeof item.name === 'string' &&
    'value' in item &&
    typeof item.value === 'string'
  );
}

const authorization = new Set(['authorization', 'proxy-authorization']);
const hint = /"cookies":\s*\[\s*\{|"(?:set-)?cookie"|"(?:proxy-)?authorization"/i;
