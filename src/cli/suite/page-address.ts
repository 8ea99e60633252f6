import type { Page } from '@playwright/test';
import { firstLine } from '../../core/first-line.js';
import { publicUrl, withPublicUrls } from '../../core/public-url.js';
import type { CommandContext } from '../terminal/command-context.js';
import { usageError } from '../terminal/usage-error.js';

/**
 * The first URL of a window, as typed, relative to the base URL. A host with a port, `localhost:3000`, is an http URL.
 *
 * @throws AuthSessionsError `ERR_USAGE`, also if it may be a host or a page: `example.com/orders`
 */
export function pageAddress(url: string | undefined, baseURL: string | undefined): string {
  if (url === undefined) return baseURL ?? 'about:blank';
  const whole = withScheme(url);
  refuseTwofold(whole, baseURL);
  if (!URL.canParse(whole, baseURL))
    throw usageError(
      `"${shown(url)}" cannot be opened.`,
      'Write it in full, as in https://shop.example/orders, or give --base-url.',
      'It is relative, and the project has no base URL.',
    );
  const { href, protocol } = new URL(whole, baseURL);
  if (schemes.has(protocol)) return href;
  throw usageError(
    `"${shown(url)}" cannot be opened in a window.`,
    'Write it in full, as in https://shop.example/orders.',
    `Its scheme is ${protocol}`,
  );
}

/** A host with a port has no scheme: a URL parser would take the host for it. */
export function withScheme(url: string): string {
  return /^(?:[\w.-]+|\[[\da-f:]+\]):\d+(?:[/?#]|$)|^localhost(?:[/?#]|$)/i.test(url) ? `http://${url}` : url;
}

/** If a page cannot be opened, reports it and keeps the window, so that the person can go on. */
export async function openPage(page: Page, address: string, { note }: CommandContext): Promise<void> {
  await page.goto(address).catch((error: unknown) => {
    if (page.isClosed()) return;
    const why = firstLine(error);
    note(`${shown(address)} could not be opened: ${withPublicUrls(why)}`);
  });
}

function refuseTwofold(url: string, baseURL: string | undefined): void {
  const [first = ''] = url.split(/[/?#]/, 1);
  if (!/^[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}$/i.test(first) || /\.(?:html?|php|aspx?|jspx?)$/i.test(first)) return;
  const page = baseURL === undefined ? '' : `, or ./${shown(url)} for a page of ${shown(baseURL)}`;
  throw usageError(
    `"${shown(url)}" may be a site or a page.`,
    `Write https://${shown(url)} for the site${page}.`,
    'It has no scheme.',
  );
}

function shown(url: string): string {
  return publicUrl(url) ?? url;
}

const schemes: ReadonlySet<string> = new Set(['http:', 'https:', 'about:', 'data:', 'file:']);
