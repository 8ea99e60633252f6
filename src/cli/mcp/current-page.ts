import type { Page } from '@playwright/test';
import type { PlaywrightTools } from './playwright-tools.js';
import type { SignedInBrowser } from './signed-in-browser.js';

/** Only Playwright's server knows the current tab. Its tabs are the context's pages, in order. */
export async function currentPage(
  browser: SignedInBrowser,
  playwright: PlaywrightTools,
): Promise<Page | undefined> {
  const { content } = await playwright.call('browser_tabs', { action: 'list' });
  const text = content.map((part) => part.text ?? '').join('\n');
  const [, index] = /^- (\d+): \(current\)/m.exec(text) ?? [];
  const pages = browser.current?.pages() ?? [];
  return pages[index === undefined ? pages.length - 1 : Number(index)];
}
