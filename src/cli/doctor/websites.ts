import type { DeclaredSession } from '../../core/declared-session.js';
import { distinctPlaces } from '../../core/distinct-places.js';
import { mailboxPrefix } from '../../core/mailbox.js';
import { publicUrl } from '../../core/public-url.js';
import { describeWebsite } from '../../core/website-address.js';
import { websiteRules, type WebsiteRule } from '../../core/website-rules.js';
import { fitsWebsites } from '../../core/website.js';
import { isThere } from '../terminal/maybe.js';
import { ok, warning, type Check, type Told } from './finding.js';
import type { Facts } from './gather-facts.js';

/**
 * Whether the websites that bind a session's values permit its base URL: otherwise its sign-in stops before it types
 * them there. The websites came with the values.
 */
export const websites: Check = {
  id: 'websites',
  examine({ sessions, description, references }) {
    if (!isThere(sessions) || !isThere(description) || !references) return [];
    const shared = distinctPlaces(description.is.projects).flatMap(({ baseURL }) => baseURL ?? []);
    const bound = [...sessions.is.sessions.values()].flatMap((session) => {
      const rules = rulesOf(session, references);
      return rules.length > 0 ? [{ session, rules }] : [];
    });
    if (bound.length === 0) return [];
    const found = bound.flatMap(({ session, rules }) =>
      (session.baseURL === undefined ? shared : [session.baseURL]).flatMap((url) => {
        const rule = rules.find((one) => !fitsWebsites(one.websites, url));
        return rule ? [mismatch(session.name, url, rule)] : [];
      }),
    );
    return found.length > 0 ? found : [ok('Websites: they permit the base URL of each session')];
  },
};

/** Values of the mailbox, and those for an origin that is declared with them, are not typed at the base URL. */
function rulesOf(
  session: DeclaredSession,
  { websitesOf }: NonNullable<Facts['references']>,
): readonly WebsiteRule[] {
  if (session.type !== 'credentials') return [];
  const typed = [...session.values].filter(([name]) => isTyped(name)).map(([, reference]) => reference);
  const all = [...typed, ...(session.code ? [session.code] : [])];
  return all.flatMap((reference) => websiteRules(session, websitesOf(session.vault, reference)));
}

function isTyped(name: string): boolean {
  return ![mailboxPrefix, 'httpCredentials[', 'clientCertificates['].some((prefix) =>
    name.startsWith(prefix),
  );
}

function mismatch(session: string, url: string, { of, websites: list }: WebsiteRule): Told {
  const sites = list.map(describeWebsite).join(', ');
  const shown = publicUrl(url) ?? url;
  return warning(
    `Session "${session}": ${of === 'item' ? "its item's websites in 1Password" : 'its websites'} do not permit ${shown}.`,
    `Correct the base URL${of === 'item' ? ", or the item's websites in 1Password" : ' or websites'}. Ignore this if it signs in on one of these websites, as with single sign-on.`,
    `A sign-in at this base URL stops with ERR_WEBSITE_MISMATCH. The ${list.length === 1 ? 'website is' : 'websites are'} ${sites}.`,
  );
}
