import { withoutUser } from '../../core/public-url.js';

/** Without a user and a password, which an address may carry. */
export function relativeAddress(text: string, baseURL: string | undefined): string {
  if (!URL.canParse(text)) return text;
  const own = withoutUser(text);
  if (baseURL === undefined || !URL.canParse(baseURL)) return own;
  const [url, base] = [new URL(own), new URL(baseURL)];
  return url.origin === base.origin && base.pathname === '/'
    ? `${url.pathname}${url.search}${url.hash}`
    : own;
}
