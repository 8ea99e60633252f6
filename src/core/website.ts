import { getDomain } from 'tldts';
import {
  isUnder,
  parsePage,
  parseWebsite,
  type AutofillBehavior,
  type Place,
  type Site,
  type Website,
} from './website-address.js';

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

function withoutWww(host: string): string {
  const rest = host.replace(/^www\./, '');
  return domainOf(rest) === null ? host : rest;
}

/** The domain that was registered: `null` for a public suffix, an IP address and a single name. */
function domainOf(host: string): string | null {
  return getDomain(host, { allowPrivateDomains: true, extractHostname: false });
}
