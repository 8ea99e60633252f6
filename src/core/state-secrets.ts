import { SecretValue } from './secret-value.js';
import type { StorageState } from './storage-state.js';

/** Shorter cookie values and storage items are settings more often than secrets. */
const shortestCookie = 8;
const shortestItem = 16;

/**
 * What in a storage state could sign somebody in: cookie values, and storage values that look like credentials,
 * which are single words of 16 or more characters, also within JSON.
 */
export function secretsOfState({ playwright, sessionStorage }: StorageState, session: string): SecretValue[] {
  const cookies = playwright.cookies
    .filter(({ value }) => value.length >= shortestCookie)
    .map(({ name, value }) => new SecretValue(value, `${session} cookie ${name}`));
  const items = [
    ...playwright.origins.flatMap(({ localStorage }) => localStorage),
    ...sessionStorage.flatMap(({ items: own }) => own),
  ].flatMap(({ name, value }) =>
    wordsOf(value).map((word) => new SecretValue(word, `${session} storage ${name}`)),
  );
  return [...cookies, ...items];
}

function wordsOf(value: string): string[] {
  const parsed = parseJson(value);
  if (typeof parsed === 'object' && parsed !== null)
    return Object.values(parsed).flatMap((inner: unknown) =>
      wordsOf(typeof inner === 'string' ? inner : JSON.stringify(inner)),
    );
  const word = typeof parsed === 'string' ? parsed : value;
  return word.length >= shortestItem && !/\s/.test(word) ? [word] : [];
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
