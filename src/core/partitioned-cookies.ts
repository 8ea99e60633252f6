import type { StateCookie, StorageState } from './storage-state.js';

/** The cookies of a state that belong to one top-level site each. */
export function partitionedCookies({ playwright }: StorageState): readonly StateCookie[] {
  return playwright.cookies.filter(isPartitioned);
}

/**
 * Playwright's requests know a cookie by name, domain and path: of several partitions, they send the last one alone. So
 * the site's own partition, that of its pages, comes last.
 */
export function ownPartitionLast(cookies: readonly StateCookie[]): StateCookie[] {
  const isForeign = (cookie: StateCookie) =>
    isPartitioned(cookie) && cookie._crHasCrossSiteAncestor !== false;
  return [...cookies.filter(isForeign), ...cookies.filter((cookie) => !isForeign(cookie))];
}

/**
 * The state with cookies from a request context that began with it. An answer to a request replaces the cookie that was
 * sent, and Playwright forgets its partition. The cookies of other partitions, which were not sent, stay.
 */
export function withRequestCookies(state: StorageState, cookies: readonly StateCookie[]): StorageState {
  const left = new Map(cookies.map((cookie) => [sentAs(cookie), cookie]));
  const sent = new Map(state.playwright.cookies.map((cookie) => [sentAs(cookie), cookie]));
  const kept = state.playwright.cookies.flatMap((cookie: StateCookie) => {
    if (sent.get(sentAs(cookie)) !== cookie) return cookie;
    const now = left.get(sentAs(cookie));
    if (!now) return [];
    const { partitionKey, _crHasCrossSiteAncestor } = cookie;
    return isPartitioned(cookie) ? { ...now, partitionKey, _crHasCrossSiteAncestor } : now;
  });
  const added = cookies.filter((cookie) => !sent.has(sentAs(cookie)));
  return { ...state, playwright: { ...state.playwright, cookies: [...kept, ...added] } };
}

/** Whether a partitioned cookie was made in Chromium, by what only Chromium says of it. */
export function isOfChromium({ _crHasCrossSiteAncestor }: StateCookie): boolean {
  return _crHasCrossSiteAncestor !== undefined;
}

function isPartitioned({ partitionKey }: StateCookie): boolean {
  return partitionKey !== undefined;
}

function sentAs({ name, domain, path }: StateCookie): string {
  return `${domain} ${path} ${name}`;
}
