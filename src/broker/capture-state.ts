import type { BrowserContext, Page } from '@playwright/test';
import type { SessionStorageOrigin, StorageState } from '../core/storage-state.js';
import { mergeSessionStorage } from './merge-session-storage.js';

/**
 * Everything that a context is signed in by: Playwright's storage state, and the open tabs' sessionStorage. A tab
 * that does not answer within `patienceMs`, 5 s by default, counts as one without.
 */
export async function captureState(
  context: BrowserContext,
  { patienceMs = defaultPatienceMs }: { readonly patienceMs?: number } = {},
): Promise<StorageState> {
  const tabs = await Promise.all(context.pages().map((page) => readSessionStorage(page, patienceMs)));
  return {
    playwright: await context.storageState({ indexedDB: true }),
    sessionStorage: mergeSessionStorage(tabs.filter((one) => one !== undefined)),
  };
}

/** `undefined` for a tab without storage, such as `about:blank`, without items, or without an answer. */
async function readSessionStorage(page: Page, patienceMs: number): Promise<SessionStorageOrigin | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const silence = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), patienceMs);
  });
  try {
    const read = await Promise.race([page.evaluate(readItems), silence]);
    return read && read.items.length > 0 ? read : undefined;
  } catch {
    return undefined;
  } finally {
    clearTimeout(timer);
  }
}

/** Runs in the page. */
function readItems(): SessionStorageOrigin {
  return {
    origin: location.origin,
    items: Object.entries(sessionStorage).map(([name, value]) => ({ name, value: String(value) })),
  };
}

const defaultPatienceMs = 5000;
