import type { Page } from '@playwright/test';
import { publicUrl, withPublicUrls } from '../../core/public-url.js';
import type { CommandContext } from '../terminal/command-context.js';
import { usageError } from '../terminal/usage-error.js';

/**
 * What a window shows first: an address as it was typed, relative to the base URL. A host with a port, `localhost:3000`,
 * is one of http.
 *
 * @throws AuthSessionsError `ERR_USAGE` also for what may be a host or a page: `example.com/orders`
 */
export function pageAddress(url: string | undefined, baseURL: string | undefined): string {
  if (url === undefined) return baseURL ?? 'about:blank';
  const whole = withScheme(url);
  refuseTwofold(whole, baseURL);
  if (!URL.canParse(whole, baseURL))
    throw usageError(
      `"${shown(url)}" is no address that can be opened.`,
      'Write it whole, as in https://shop.example/orders, or give --base-url.',
      'It is relative, and the project has no base URL.',
    );
  const { href, protocol } = new URL(whole, baseURL);
  if (schemes.has(protocol)) return href;
  throw usageError(
    `"${shown(url)}" is no address that a window opens.`,
    'Write it whole, as in https://shop.example/orders.',
    `Its scheme is ${protocol}`,
  );
}

/** A host with a port has none: the scheme of such an address would be its host. */
export function withScheme(url: string): string {
  return /^(?:[\w.-]+|\[[\da-f:]+\]):\d+(?:[/?#]|$)|^localhost(?:[/?#]|$)/i.test(url) ? `http://${url}` : url;
}

/** A page that cannot be opened is told, and the window stays: its person may know better. */
export async function openPage(page: Page, address: string, { note }: CommandContext): Promise<void> {
  await page.goto(address).catch((error: unknown) => {
    if (page.isClosed()) return;
    const why = error instanceof Error ? (error.message.split('\n', 1)[0] ?? '') : '';
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
