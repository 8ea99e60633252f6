import type { BrowserContext } from '@playwright/test';

/** What Playwright gives and takes: cookies, and per origin localStorage, IndexedDB and more. */
export type PlaywrightStorageState = Awaited<ReturnType<BrowserContext['storageState']>>;

/** One origin's sessionStorage, which Playwright's own storage state leaves out. */
export interface SessionStorageOrigin {
  readonly origin: string;
  readonly items: readonly { readonly name: string; readonly value: string }[];
}

/** Everything that makes a browser context signed in. */
export interface StorageState {
  readonly playwright: PlaywrightStorageState;
  readonly sessionStorage: readonly SessionStorageOrigin[];
}
