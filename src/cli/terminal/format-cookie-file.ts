import type { PlaywrightStorageState } from '../../core/storage-state.js';

/**
 * Cookies in the Netscape file format, for curl, wget and yt-dlp, as in https://curl.se/docs/http-cookies.html. A
 * session cookie has the expiry 0.
 */
export function formatCookieFile(cookies: PlaywrightStorageState['cookies']): string {
  const lines = cookies.map(({ name, value, domain, path, expires, httpOnly, secure }) =>
    [
      `${httpOnly ? '#HttpOnly_' : ''}${domain}`,
      domain.startsWith('.') ? 'TRUE' : 'FALSE',
      path,
      secure ? 'TRUE' : 'FALSE',
      expires === -1 ? '0' : String(Math.round(expires)),
      name,
      value,
    ].join('\t'),
  );
  return ['# Netscape HTTP Cookie File', ...lines, ''].join('\n');
}
