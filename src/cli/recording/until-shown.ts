import type { BrowserContext, Page } from '@playwright/test';

/** What ends a recording by itself. */
export interface Until {
  /** A page's address, as a glob: `https://shop.example/home*`. */
  readonly url?: string | undefined;
  readonly text?: string | undefined;
}

/** Waits until a page of the window has this address, or shows this text. Pending for ever without either. */
export async function untilShown(
  browserContext: BrowserContext,
  { url, text }: Until,
): Promise<'url' | 'text'> {
  return new Promise((resolve) => {
    const watch = (page: Page) => {
      // A page that closes first is not the one.
      if (url !== undefined)
        page.waitForURL(url, { timeout: 0 }).then(
          () => resolve('url'),
          () => undefined,
        );
      if (text !== undefined)
        page
          .getByText(text)
          .first()
          .waitFor({ timeout: 0 })
          .then(
            () => resolve('text'),
            () => undefined,
          );
    };
    browserContext.pages().forEach(watch);
    browserContext.on('page', watch);
  });
}
