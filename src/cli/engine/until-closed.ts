import { once } from 'node:events';
import type { BrowserContext, Page } from '@playwright/test';

/** Waits until the last page closes, the browser ends, or the command is stopped. */
export async function untilClosed(browserContext: BrowserContext, signal: AbortSignal): Promise<void> {
  const stopped = signal.aborted ? Promise.resolve() : once(signal, 'abort');
  const gone = new Promise<void>((resolve) => browserContext.on('close', () => resolve()));
  const lastPage = new Promise<void>((resolve) => {
    const watch = (page: Page) =>
      page.on('close', () => {
        if (browserContext.pages().length === 0) resolve();
      });
    browserContext.pages().forEach(watch);
    browserContext.on('page', watch);
  });
  await Promise.race([stopped, gone, lastPage]);
}
