import type { BrowserContext, Page } from '@playwright/test';
import type { SessionStorageOrigin, StorageState } from '../core/storage-state.js';

/** Everything that a context is signed in by: Playwright's storage state, and each open tab's sessionStorage. */
export async function captureState(context: BrowserContext): Promise<StorageState> {
  const sessionStorage = await Promise.all(context.pages().map(readSessionStorage));
  return {
    playwright: await context.storageState({ indexedDB: true }),
    sessionStorage: sessionStorage.filter((one) => one !== undefined),
  };
}

/** `undefined` for a tab without storage, such as `about:blank`, or without items. */
async function readSessionStorage(page: Page): Promise<SessionStorageOrigin | undefined> {
  try {
    const { origin, items } = await page.evaluate(() => ({
      origin: location.origin,
      items: Object.entries(sessionStorage).map(([name, value]) => ({ name, value: String(value) })),
    }));
    return items.length > 0 ? { origin, items } : undefined;
  } catch {
    return undefined;
  }
}
