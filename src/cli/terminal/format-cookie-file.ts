import type { PlaywrightStorageState } from '../../core/storage-state.js';

/**
 * Cookies as curl, wget and yt-dlp read them: the file format of Netscape's browser, as
 * https://curl.se/docs/http-cookies.html describes it. A cookie without an end has the end 0.
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
