/**
 * A path of this site to go on to after a sign-in, or `/`: never another site, and never the sign-in itself.
 *
 * @example parseLocalPath('/consultations?page=2') → '/consultations?page=2'
 * @example parseLocalPath('//evil.example') → '/'
 */
export function parseLocalPath(text: string): string {
  // A browser reads a backslash as a slash, and drops tabs and line breaks.
  if (!text.startsWith('/') || /^\/\/|[\\\p{Cc}]/u.test(text) || !URL.canParse(text, base)) return '/';
  const { origin, pathname, search } = new URL(text, base);
  if (origin !== base || pathname.startsWith('//') || /^\/(?:sign-in|sign-out|api)(?:\/|$)/.test(pathname))
    return '/';
  return pathname + search;
}

const base = 'http://site.invalid';
