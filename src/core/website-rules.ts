import type { DeclaredSession } from './declared-session.js';
import type { Website } from './website-address.js';

/** Websites that must all permit the page on which a value is typed, and where they are written. */
export interface WebsiteRule {
  readonly of: 'item' | 'session';
  readonly websites: readonly Website[];
}

/** The rules for a value of a session, by the websites of the value's item. None: it may be typed anywhere. */
export function websiteRules(
  { websites: declared }: Pick<DeclaredSession, 'websites'>,
  ofItem: readonly Website[] | undefined,
): readonly WebsiteRule[] {
  if (declared === 'ignore') return [];
  const listed = declared?.map((url) => ({ url, autofillBehavior: 'AnywhereOnWebsite' }) as const);
  return [
    ...(ofItem ? [{ of: 'item', websites: ofItem } as const] : []),
    ...(listed ? [{ of: 'session', websites: listed } as const] : []),
  ];
}
