import { getDomain } from 'tldts';
import { printable } from './printable.js';

/** A website of an item, and where 1Password fills the item's values on it. */
export interface Website {
  readonly url: string;
  readonly autofillBehavior: AutofillBehavior;
}

export type AutofillBehavior = 'AnywhereOnWebsite' | 'ExactDomain' | 'Never';

/**
 * Whether values of an item with these websites may be typed on a page, by its URL.
 *
 * `AnywhereOnWebsite` is "any page that’s part of the website, including subdomains", `ExactDomain` "only if the domain
 * (hostname and port) is an exact match", and `Never` excludes the website and its subdomains
 * (https://developer.1password.com/docs/sdks/concepts/, "Where a login is suggested and filled"). The website is the host
 * of its URL, without a leading `www.`; ports count for `ExactDomain` only. A host under which anyone can register
 * names, such as `github.io` of the public suffix list, has no subdomains here. A page without TLS fits only a website
 * whose URL begins with `http://`.
 */
export function fitsWebsites(websites: readonly Website[], page: string): boolean {
  const place = parsePage(page);
  if (!place) return false;
  const known = websites.map(({ url, autofillBehavior }) => ({ site: parseWebsite(url), autofillBehavior }));
  const isExcluded = known.some(
    ({ site, autofillBehavior }) => autofillBehavior === 'Never' && site && isUnder(place.host, site.host),
  );
  return (
    !isExcluded && known.some(({ site, autofillBehavior }) => site && fits(place, site, autofillBehavior))
  );
}

/** The websites that bind an item: empty fields do not. `undefined` if none does. */
export function bindingWebsites(websites: readonly Website[] | undefined): readonly Website[] | undefined {
  const filled = (websites ?? []).filter(({ url }) => url.trim() !== '');
  return filled.length === 0 ? undefined : filled;
}

/** For messages: `https://app.example`, `https://app.example (exact domain)`. Paths and queries are left out. */
export function describeWebsite({ url, autofillBehavior }: Website): string {
  const site = parseWebsite(url);
  const shown = site
    ? `${site.scheme ?? 'https:'}//${site.host}${site.port === '' ? '' : `:${site.port}`}`
    : `"${printable(url.trim().slice(0, longestShown))}" (not a web address)`;
  if (autofillBehavior === 'AnywhereOnWebsite') return shown;
  return `${shown} (${autofillBehavior === 'Never' ? 'never fill' : 'exact domain'})`;
}

/** Whether a text is a website that pages can fit. */
export function isWebsite(text: string): boolean {
  return parseWebsite(text) !== undefined;
}

interface Place {
  readonly scheme: string;
  /** In lower case and Punycode, without the root's dot. */
  readonly host: string;
  /** Empty for the scheme's own. */
  readonly port: string;
}

type Site = Omit<Place, 'scheme'> & {
  /** `undefined`: either, on the machine itself. */
  readonly scheme: string | undefined;
};

function fits(place: Place, site: Site, behavior: AutofillBehavior): boolean {
  if (behavior === 'Never' || (place.scheme !== 'https:' && site.scheme === 'https:')) return false;
  // A behavior that is not known here must not permit more than the smallest.
  if (behavior !== 'AnywhereOnWebsite') return place.host === site.host && place.port === site.port;
  return place.host === site.host || isSubdomain(place.host, withoutWww(site.host));
}

function isSubdomain(host: string, site: string): boolean {
  if (!isUnder(host, site)) return false;
  if (site === 'localhost') return true;
  const domain = domainOf(site);
  return domain !== null && domainOf(host) === domain;
}

function isUnder(host: string, site: string): boolean {
  return host === site || host.endsWith(`.${site}`);
}

function withoutWww(host: string): string {
  const rest = host.replace(/^www\./, '');
  return domainOf(rest) === null ? host : rest;
}

/** The domain that was registered: `null` for a public suffix, an IP address and a single name. */
function domainOf(host: string): string | null {
  return getDomain(host, { allowPrivateDomains: true, extractHostname: false });
}

/** The origin of `blob:` is in its URL. `about:`, `data:` and `file:` have none. */
function parsePage(page: string): Place | undefined {
  const url = parseUrl(/^blob:/i.test(page) ? page.slice('blob:'.length) : page);
  return url && placeOf(url);
}

function parseWebsite(text: string): Site | undefined {
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

const schemes: ReadonlyMap<string, string> = new Map([
  ['https:', 'https:'],
  ['http:', 'http:'],
  ['wss:', 'https:'],
  ['ws:', 'http:'],
]);
const longestShown = 80;
