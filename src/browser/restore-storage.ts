import type { BrowserContext, Frame, Page, Request } from '@playwright/test';
import type { SessionStorageOrigin, StorageOrigin } from '../core/storage-state.js';
import { mergeSessionStorage } from './merge-session-storage.js';
import type { Quietly } from './quietly.js';
import { restoreOnce, type PendingItems } from './restore-once.js';
import { withUnvisited } from './with-unvisited.js';

export interface StorageToRestore {
  /** The origins that the context was created without. */
  readonly localStorage: readonly StorageOrigin[];
  readonly sessionStorage: readonly SessionStorageOrigin[];
}

/** What a context has got so far. */
export interface RestoredStorage {
  /** The sessionStorage of origins that no tab has visited. */
  unvisitedTabs(): Promise<readonly SessionStorageOrigin[]>;
}

/**
 * Restores a context's localStorage, once for each origin, and its sessionStorage, once for each tab and origin: when
 * the origin's first document starts, in a tab or a frame, before any script of the page. The script is then removed, so
 * that a later sign-out has an effect. Until then, `context.storageState()` adds what it would miss.
 *
 * Playwright's storage state lacks sessionStorage. A tab that already exists, as in a reused context, gets it with its
 * next document. A popup gets a copy of its opener's.
 */
export async function restoreStorage(
  context: BrowserContext,
  { localStorage, sessionStorage }: StorageToRestore,
  quietly: Quietly = (work) => work(),
): Promise<RestoredStorage> {
  const tabOrigins = mergeSessionStorage(sessionStorage);
  const unvisited = new Map(tabOrigins.map((one) => [one.origin, one]));
  const tabs = new Map<Page, PendingItems>();
  const visits = new WeakMap<Frame, number>();
  const shared = restoreOnce(context, {
    origins: localStorage,
    area: 'localStorage',
    trustsHistory: true,
    visits,
    quietly,
  });
  const all = (): PendingItems[] => [shared, ...tabs.values()];
  const restored = {
    async unvisitedTabs() {
      await Promise.all(all().map((one) => one.settled()));
      return [...unvisited.values()];
    },
  };
  if (localStorage.length === 0 && tabOrigins.length === 0) return restored;

  function restoreTab(
    page: Page,
    options: { origins: readonly StorageOrigin[]; trustsHistory: boolean },
  ): void {
    const onRestored = (origin: string) => void unvisited.delete(origin);
    tabs.set(page, restoreOnce(page, { ...options, area: 'sessionStorage', visits, quietly, onRestored }));
    page.once('close', () => tabs.delete(page));
  }

  function watch(page: Page): void {
    const look = (frame: Frame) => {
      visits.set(frame, (visits.get(frame) ?? 0) + 1);
      shared.look(frame);
      tabs.get(page)?.look(frame);
    };
    page.on('framenavigated', look);
    // A popup's first document has started before this.
    page.frames().forEach(look);
  }

  async function prepare(page: Page): Promise<void> {
    const opener = await page.opener();
    // The popup has a copy of what its opener already got, or was signed out of.
    const left = opener && tabs.get(opener)?.origins;
    const origins = left ? tabOrigins.filter(({ origin }) => left.has(origin)) : tabOrigins;
    restoreTab(page, { origins, trustsHistory: !opener && page.url() === 'about:blank' });
  }

  const distrust = (request: Request) => {
    if (request.isNavigationRequest()) all().forEach((one) => one.distrustHistory(request.url()));
  };
  context.on('requestfailed', distrust);
  context.on('response', (response) => {
    // A browser shows its own page for an error without a body.
    if (response.status() >= firstErrorStatus) distrust(response.request());
  });
  context.on('page', (page) => {
    watch(page);
    if (tabOrigins.length > 0) void prepare(page);
  });
  for (const page of context.pages()) {
    watch(page);
    if (tabOrigins.length > 0) restoreTab(page, { origins: tabOrigins, trustsHistory: false });
  }
  withUnvisited(context, {
    async origins() {
      await shared.settled();
      return [...shared.origins.values()];
    },
    withdraw: async () => {
      unvisited.clear();
      await Promise.all(all().map((one) => one.withdraw()));
    },
  });
  await Promise.all(all().map(({ added }) => added));
  return restored;
}

const firstErrorStatus = 400;
