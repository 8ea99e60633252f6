import { printable } from './printable.js';

/** A website of an item, and where 1Password fills the item's values on it. */
export interface Website {
  readonly url: string;
  readonly autofillBehavior: AutofillBehavior;
}

export type AutofillBehavior = 'AnywhereOnWebsite' | 'ExactDomain' | 'Never';

/** The websites that bind an item: empty fields do not. `undefined` if none does. */
export function bindingWebsites(websites: readonly Website[] | undefined): readonly Website[] | undefined {
  const filled = (websites ?? []).filter(({ url }) => url.trim() !== '');
  return filled.length === 0 ? undefined : filled;
}

/** For messages: `https://app.example`, `https://app.example (exact domain)`. Paths and queries are left out. */
export function describeWebsite({ url, autofillBehavior }: Website): string {
  const site = parseWebsite(url);
  const shown = site
    ? `${site.scheme === undefined ? '' : `${site.scheme}//`}${site.host}${site.port === '' ? '' : `:${site.port}`}`
    : `"${printable(url.trim().slice(0, longestShown))}" (not a web address)`;
  if (autofillBehavior === 'AnywhereOnWebsite') return shown;
  return `${shown} (${autofillBehavior === 'Never' ? 'never fill' : 'exact domain'})`;
}

/** Whether a text is a website that pages can fit. */
export function isWebsite(text: string): boolean {
  return parseWebsite(text) !== undefined;
}

/** Where a page is. */
export interface Place {
  readonly scheme: string;
  /** In lower case and Punycode, without the root's dot. */
  readonly host: string;
  /** Empty for the scheme's own. */
  readonly port: string;
}

export type Site = Omit<Place, 'scheme'> & {
  /** `undefined`: either, on the machine itself. */
  readonly scheme: string | undefined;
};

/** The origin of `blob:` is in its URL. `about:`, `data:` and `file:` have none. */
export function parsePage(page: string): Place | undefined {
  const url = parseUrl(/^blob:/i.test(page) ? page.slice('blob:'.length) : page);
  return url && placeOf(url);
}

/** `undefined`: it is no address of a website. Without a scheme, it is one with TLS, or one of the machine itself. */
export function parseWebsite(text: string): Site | undefined {
  const trimmed = text.trim();
  const hasScheme = /^[a-z][a-z\d+.-]*:\/\//i.test(trimmed);
  const url = parseUrl(hasScheme ? trimmed : `https://${trimmed.replace(/^\/\//, '')}`);
  if (url?.username !== '' || url.password !== '') return undefined;
  const place = placeOf(url);
  return place && !hasScheme && isLoopback(place.host) ? { ...place, scheme: undefined } : place;
}

function parseUrl(text: string): URL | undefined {
  return URL.canParse(text) ? new URL(text) : undefined;
}

function placeOf({ protocol, hostname, port }: URL): Place | undefined {
  const scheme = schemes.get(protocol);
  const host = hostname.replace(/\.$/, '');
  return scheme === undefined || host === '' ? undefined : { scheme, host, port };
}

function isLoopback(host: string): boolean {
  return isUnder(host, 'localhost') || /^127\.[\d.]+$/.test(host) || host === '[::1]';
}

/** Whether a host is a site's, or below it. */
export function isUnder(host: string, site: string): boolean {
  return host === site || host.endsWith(`.${site}`);
}

const schemes: ReadonlyMap<string, string> = new Map([
  ['https:', 'https:'],
  ['http:', 'http:'],
  ['wss:', 'https:'],
  ['ws:', 'http:'],
]);
const longestShown = 80;
