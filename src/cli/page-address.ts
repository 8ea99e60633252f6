import type { Page } from '@playwright/test';
import type { CommandContext } from './command-context.js';
import { usageError } from './usage-error.js';

/**
 * What a window shows first: an address as it was typed, relative to the base URL.
 *
 * @throws AuthSessionsError `ERR_USAGE`
 */
export function pageAddress(url: string | undefined, baseURL: string | undefined): string {
  if (url === undefined) return baseURL ?? 'about:blank';
  if (URL.canParse(url, baseURL)) return new URL(url, baseURL).href;
  throw usageError(
    `"${url}" is no address that can be opened.`,
    'Write it whole, as in https://shop.example/orders, or give --base-url.',
    'It is relative, and the project has no base URL.',
  );
}

/** A page that cannot be opened is told, and the window stays: its person may know better. */
export async function openPage(page: Page, address: string, { note }: CommandContext): Promise<void> {
  await page.goto(address).catch((error: unknown) => {
    if (page.isClosed()) return;
    const why = error instanceof Error ? (error.message.split('\n', 1)[0] ?? '') : '';
    note(`${address} could not be opened: ${why}`);
  });
}
