import type { BrowserContext, Page } from '@playwright/test';
import { captureState } from '../../browser/capture-state.js';
import { mergeSessionStorage } from '../../browser/merge-session-storage.js';
import { within } from '../../time/within.js';
import type { SessionStorageOrigin, StorageState } from '../../core/storage-state.js';

/** Tracks a window's state while a person works, so that closing it loses nothing. */
export interface StateWatch {
  /**
   * Cookies and the open tabs' storage, without opening, closing or waiting for pages. Anything unreadable keeps its
   * last value.
   */
  look(): Promise<StorageState>;
  /** The full state with IndexedDB when the person is done, or the last known one if the browser has ended. */
  capture(): Promise<StorageState>;
}

type Origins = StorageState['playwright']['origins'];

interface TabStorage {
  readonly origin: string;
  readonly localStorage: Origins[number]['localStorage'];
  readonly sessionStorage: SessionStorageOrigin['items'];
}

export function createStateWatch(context: BrowserContext): StateWatch {
  let seen: StorageState = { playwright: { cookies: [], origins: [] }, sessionStorage: [] };
  let looking: Promise<StorageState> | undefined;

  async function look(): Promise<StorageState> {
    const [cookies, ...tabs] = await Promise.all([
      within(patienceMs, context.cookies()),
      ...context.pages().map((page) => within(patienceMs, readStorage(page))),
    ]);
    const open = tabs.filter((tab) => tab !== undefined);
    seen = {
      playwright: {
        ...seen.playwright,
        cookies: cookies ?? seen.playwright.cookies,
        origins: withTabs(seen.playwright.origins, open),
      },
      sessionStorage: sessionStorageOf(open) ?? seen.sessionStorage,
    };
    return seen;
  }

  return {
    look() {
      looking ??= look().finally(() => (looking = undefined));
      return looking;
    },
    async capture() {
      await looking;
      const lastTabs = seen.sessionStorage;
      const hasTabs = context.pages().length > 0;
      const whole = await within(captureMs, captureState(context));
      if (!whole) return seen;
      return hasTabs ? whole : { ...whole, sessionStorage: lastTabs };
    },
  };
}

/** An origin without a tab keeps its last values. */
function withTabs(known: Origins, tabs: readonly TabStorage[]): Origins {
  const origins = new Map(known.map((one) => [one.origin, one]));
  for (const { origin, localStorage } of tabs) {
    const before = origins.get(origin);
    if (before || localStorage.length > 0) origins.set(origin, { ...before, origin, localStorage });
  }
  return [...origins.values()];
}

/** A tab that was just closed keeps its last values. */
function sessionStorageOf(tabs: readonly TabStorage[]): SessionStorageOrigin[] | undefined {
  if (tabs.length === 0) return undefined;
  const origins = tabs.map(({ origin, sessionStorage }) => ({ origin, items: sessionStorage }));
  return mergeSessionStorage(origins).filter(({ items }) => items.length > 0);
}

async function readStorage(page: Page): Promise<TabStorage | undefined> {
  const tab = await page.evaluate(readItems);
  return /^https?:/.test(tab.origin) ? tab : undefined;
}

/** Runs in the page. */
function readItems(): TabStorage {
  const items = (storage: Storage) =>
    Object.entries(storage).map(([name, value]) => ({ name, value: String(value) }));
  return {
    origin: location.origin,
    localStorage: items(localStorage),
    sessionStorage: items(sessionStorage),
  };
}

/** A tab with an open dialog does not answer. It is read next time. */
const patienceMs = 1000;
const captureMs = 15_000;
