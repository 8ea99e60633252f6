import { withoutUser } from '../../core/public-url.js';

/** Without user and password, which a URL may contain. */
export function relativeAddress(text: string, baseURL: string | undefined): string {
  if (!URL.canParse(text)) return text;
  const own = withoutUser(text);
  if (baseURL === undefined || !URL.canParse(baseURL)) return own;
  const [url, base] = [new URL(own), new URL(baseURL)];
  return url.origin === base.origin && base.pathname === '/'
    ? `${url.pathname}${url.search}${url.hash}`
    : own;
}
