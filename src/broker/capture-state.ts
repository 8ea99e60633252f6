import type { BrowserContext, Page } from '@playwright/test';
import type { PlaywrightStorageState, SessionStorageOrigin, StorageState } from '../core/storage-state.js';
import { mergeSessionStorage } from './merge-session-storage.js';

/**
 * Everything that a context is signed in by: Playwright's storage state, and the open tabs' sessionStorage. A tab
 * that does not answer within `patienceMs`, 5 s by default, counts as one without, and is closed: Playwright would
 * wait for its localStorage without end.
 */
export async function captureState(
  context: BrowserContext,
  { patienceMs = defaultPatienceMs }: { readonly patienceMs?: number } = {},
): Promise<StorageState> {
  const tabs = await Promise.all(context.pages().map((page) => readSessionStorage(page, patienceMs)));
  return {
    playwright: withoutEmptyPasskeys(await context.storageState({ indexedDB: true, credentials: true })),
    sessionStorage: mergeSessionStorage(tabs.filter((one) => one !== undefined)),
  };
}

/** A context that is given passkeys has virtual authenticators; one that has none must not. */
function withoutEmptyPasskeys({ credentials, ...state }: PlaywrightStorageState): PlaywrightStorageState {
  return credentials && credentials.length > 0 ? { ...state, credentials } : state;
}

/** `undefined` for a tab without storage, such as `about:blank`, without items, or without an answer. */
async function readSessionStorage(page: Page, patienceMs: number): Promise<SessionStorageOrigin | undefined> {
  try {
    const read = await within(patienceMs, page.evaluate(readItems));
    if (read === 'late') await within(patienceMs, page.close());
    return read !== 'late' && read.items.length > 0 ? read : undefined;
  } catch {
    return undefined;
  }
}

async function within<Result>(patienceMs: number, work: Promise<Result>): Promise<Result | 'late'> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(() => resolve('late'), patienceMs);
  });
  try {
    return await Promise.race([work, late]);
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
