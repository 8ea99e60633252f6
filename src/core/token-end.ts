import { parseObject, tokenEndMs } from './json-web-token.js';
import type { StorageState } from './storage-state.js';

/** A JSON Web Token in a state, and when it ends. */
export interface EndingToken {
  /** The item that has it. */
  readonly name: string;
  readonly atMs: number;
}

/**
 * The tokens in headers and web storage that a session lives by. An origin with a refresh token gets new ones by itself,
 * so the ends of its tokens say nothing.
 */
export function tokensThatMatter({
  playwright,
  sessionStorage,
  headers,
}: StorageState): readonly EndingToken[] {
  const sent = (headers?.items ?? []).map(({ name, value }) => [{ name, value }]);
  const origins = new Map<string, Item[]>();
  const add = (origin: string, items: readonly Item[]) =>
    origins.set(origin, [...(origins.get(origin) ?? []), ...items]);
  for (const { origin, localStorage } of playwright.origins) add(origin, localStorage);
  for (const { origin, items } of sessionStorage) add(origin, items);
  return [...sent, ...origins.values()].flatMap((items) => {
    const texts = items.flatMap(({ name, value }) => textsOf({ item: name, path: name, text: value }));
    if (texts.some(({ path, text }) => /refresh/i.test(path) && text.length >= shortestToken)) return [];
    return texts.flatMap(({ item, text }) => {
      const atMs = tokenEndMs(text);
      return atMs === undefined ? [] : { name: item, atMs };
    });
  });
}

interface Item {
  readonly name: string;
  readonly value: string;
}

interface Text {
  readonly item: string;
  readonly path: string;
  readonly text: string;
}

/** A value, and the texts in it if it is JSON. */
function textsOf(whole: Text, depth = 0): Text[] {
  const { item, path, text } = whole;
  const object = depth < deepest && text.startsWith('{') ? parseObject(text) : undefined;
  if (!object) return [whole];
  return Object.entries(object).flatMap(([name, member]) => {
    const isText = typeof member === 'string';
    if (!isText && (member === null || typeof member !== 'object')) return [];
    const own = { item, path: `${path} ${name}`, text: isText ? member : JSON.stringify(member) };
    return textsOf(own, depth + 1);
  });
}

const shortestToken = 8;
const deepest = 3;
