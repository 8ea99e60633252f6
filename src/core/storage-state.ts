import type { BrowserContext } from '@playwright/test';
import type { SentHeaders } from './sent-headers.js';
import type { SessionAccess } from './session-access.js';
import { tokenEndMs } from './json-web-token.js';

/** Playwright's storage state: cookies, and per origin localStorage, IndexedDB and more. */
export type PlaywrightStorageState = Awaited<ReturnType<BrowserContext['storageState']>> & {
  /** Passkeys, if any. Playwright returns them since 1.62; its types (1.65) lack them. */
  readonly credentials?: readonly Passkey[];
};

/** A cookie as Playwright returns it; its types lack what a partitioned cookie (CHIPS) belongs to. */
export type StateCookie = PlaywrightStorageState['cookies'][number] & {
  readonly partitionKey?: string | undefined;
  /** Whether a frame of another site is between. Only Chromium has it. */
  readonly _crHasCrossSiteAncestor?: boolean | undefined;
};

export interface Passkey {
  readonly id: string;
  readonly rpId: string;
  /** PKCS #8, base64url. */
  readonly privateKey: string;
  /** The last signature counter that it sent. Missing before Playwright 1.64. */
  readonly signCount?: number | undefined;
}

/** The items of one origin's localStorage or sessionStorage. */
export interface StorageOrigin {
  readonly origin: string;
  readonly items: readonly { readonly name: string; readonly value: string }[];
}

/** One origin's sessionStorage, which Playwright's storage state lacks. */
export type SessionStorageOrigin = StorageOrigin;

/** Everything that makes a browser context signed in. */
export interface StorageState {
  readonly playwright: PlaywrightStorageState;
  readonly sessionStorage: readonly SessionStorageOrigin[];
  /** Headers that the session's contexts send. */
  readonly headers?: SentHeaders | undefined;
  /** HTTP credentials and client certificates that they are created with. */
  readonly access?: SessionAccess | undefined;
}

/** The passkeys alone, which outlive a sign-out. `undefined` if there are none. */
export function passkeysOf({ playwright: { credentials = [] } }: StorageState): StorageState | undefined {
  if (credentials.length === 0) return undefined;
  return { playwright: { cookies: [], origins: [], credentials }, sessionStorage: [] };
}
export const emptyState: StorageState = { playwright: { cookies: [], origins: [] }, sessionStorage: [] };

/** Whether it contains nothing that could sign in. */
export function isEmptyState({ playwright, sessionStorage, headers }: StorageState): boolean {
  const { cookies, origins, credentials = [] } = playwright;
  const parts = [cookies, origins, credentials, sessionStorage, headers?.items ?? []];
  return parts.every(({ length }) => length === 0);
}

/** Whether all cookies of a state have expired. If so, no check is needed. */
export function isSignedOutByCookies(state: StorageState, nowMs: number): boolean {
  const { playwright, sessionStorage, headers } = state;
  if (playwright.cookies.length === 0 || playwright.origins.length > 0 || sessionStorage.length > 0)
    return false;
  if (headers && headers.items.length > 0) return false;
  return playwright.cookies.every(({ expires }) => expires !== -1 && expires * 1000 <= nowMs);
}

/** Whether cookies of an earlier state are gone, as after a sign-out. */
export function lacksCookiesOf(state: StorageState, earlier: StorageState): boolean {
  const present = new Set(state.playwright.cookies.map(cookieIdentity));
  return earlier.playwright.cookies.some((cookie) => !present.has(cookieIdentity(cookie)));
}

/** The current fate of the cookies that a state depends on. Expired ones are left out. */
export function fateOfCookies(
  state: StorageState,
  cookies: PlaywrightStorageState['cookies'],
  nowMs: number,
): 'same' | 'changed' | 'gone' {
  const valueOf = new Map(cookies.map((cookie) => [cookieIdentity(cookie), cookie.value]));
  const values = credentialCookies(state)
    .filter(lastsUntil(nowMs))
    .map((cookie) => ({
      was: cookie.value,
      is: valueOf.get(cookieIdentity(cookie)),
    }));
  if (values.some(({ is }) => is === undefined || is === '')) return 'gone';
  return values.some(({ was, is }) => was !== is) ? 'changed' : 'same';
}

/** Cookies long enough for a credential. If some are HTTP-only, as servers' session cookies are, only these count. */
export function credentialCookies({ playwright }: StorageState): PlaywrightStorageState['cookies'] {
  const long = playwright.cookies.filter(({ value }) => value.length >= shortestCredential);
  const hidden = long.filter(({ httpOnly }) => httpOnly);
  return hidden.length > 0 ? hidden : long;
}

const shortestCredential = 8;

/**
 * The state without the cookies and the tokens in headers that end by then: a sign-in from it keeps a trusted device,
 * and not the old session.
 */
export function withoutEnding(state: StorageState, untilMs: number): StorageState {
  const { headers, playwright } = state;
  const items = headers?.items.filter(({ value }) => (tokenEndMs(value) ?? Infinity) > untilMs) ?? [];
  const rest = withCookies(state, playwright.cookies.filter(lastsUntil(untilMs)));
  return headers ? { ...rest, headers: items.length > 0 ? { ...headers, items } : undefined } : rest;
}

function lastsUntil(atMs: number) {
  return ({ expires }: { readonly expires: number }) => expires === -1 || expires * 1000 > atMs;
}

/** The state with these cookies in place of the ones it had. */
export function withCookies(state: StorageState, cookies: PlaywrightStorageState['cookies']): StorageState {
  return { ...state, playwright: { ...state.playwright, cookies } };
}

function cookieIdentity({ name, domain, path, partitionKey = '' }: StateCookie): string {
  return `${domain} ${path} ${name} ${partitionKey}`;
}
