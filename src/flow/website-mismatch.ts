import type { DeclaredSession } from '../core/declared-session.js';
import { AuthSessionsError } from '../core/errors.js';
import { publicUrl } from '../core/public-url.js';
import type { SecretValue } from '../core/secret-value.js';
import { describeWebsite, parsePage, type Website } from '../core/website-address.js';
import { websiteRules, type WebsiteRule } from '../core/website-rules.js';
import { fitsWebsites } from '../core/website.js';
import type { Targets } from './message-targets.js';

/**
 * Why a value must not go to some pages or servers: the websites of its item, or those that its session lists, do not
 * permit them all. `undefined` if they do.
 */
export function findMismatch(
  session: DeclaredSession,
  secret: SecretValue,
  targets: Targets,
): AuthSessionsError | undefined {
  for (const { of, websites } of websiteRules(session, secret.websites)) {
    const other = targets ? targets.find((url) => !fitsWebsites(websites, url)) : anywhere;
    if (other !== undefined) return mismatch(session, secret, { where: other, of, websites });
  }
  return undefined;
}

interface Mismatch {
  readonly where: string | typeof anywhere;
  readonly of: WebsiteRule['of'];
  readonly websites: readonly Website[];
}

function mismatch(
  { name }: DeclaredSession,
  { label }: SecretValue,
  { where, of, websites }: Mismatch,
): AuthSessionsError {
  const place = where === anywhere ? 'to pages of any website' : `to ${describePage(where)}`;
  return new AuthSessionsError(
    'ERR_WEBSITE_MISMATCH',
    {
      failed: `Session "${name}": its sign-in was stopped before ${label} went ${place}.`,
      known: `${of === 'item' ? 'Its item has' : 'The session lists'} ${websites.length === 1 ? 'the website' : 'the websites'} ${websites.map(describeWebsite).join(', ')}.`,
      next:
        of === 'item'
          ? `Correct baseURL or the flow. If the address is right, add it to the item's websites in 1Password, or set websites: 'ignore' on the session.`
          : 'Correct baseURL or the flow. If the address is right, add it to websites of the session.',
    },
    { session: name },
  );
}

function describePage(url: string): string {
  const place = parsePage(url);
  if (!place) return publicUrl(url) ?? url;
  return `${place.scheme}//${place.host}${place.port === '' ? '' : `:${place.port}`}`;
}

const anywhere = Symbol('anywhere');
