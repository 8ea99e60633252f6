import type { BrowserContext, Page } from '@playwright/test';
import type { SessionStorageOrigin } from '../core/storage-state.js';
import { mergeSessionStorage } from './merge-session-storage.js';

/** Keeps what a call to Playwright is given out of steps and traces. */
export type Quietly = <Result>(work: () => Promise<Result>) => Promise<Result>;

/**
 * Gives each new tab of a context its sessionStorage, once per tab and origin: when the origin's first document
 * starts, before any script of the page. The script is withdrawn then, so that a later sign-out stays one.
 * Playwright's own storage state leaves sessionStorage out. A popup has a copy of its opener's by itself.
 */
export async function restoreSessionStorage(
  context: BrowserContext,
  tabs: readonly SessionStorageOrigin[],
  quietly: Quietly = (work) => work(),
): Promise<void> {
  // One script for each origin: a second one's would be what is withdrawn, and the first would stay.
  const origins = mergeSessionStorage(tabs);
  if (origins.length === 0) return;
  const withdraw = new WeakMap<Page, Map<string, () => Promise<void>>>();
  await quietly(() =>
    context.exposeBinding(bindingName, ({ page }, origin: string) => withdraw.get(page)?.get(origin)?.()),
  );
  context.on('page', (page) => {
    const scripts = new Map<string, () => Promise<void>>();
    withdraw.set(page, scripts);
    for (const { origin, items } of origins) {
      // A page that closes at once takes its script with it.
      const added = quietly(() => page.addInitScript(writeItems, { origin, items, bindingName })).catch(
        () => undefined,
      );
      scripts.set(origin, async () => (await added)?.dispose());
    }
  });
}

const bindingName = '__authSessionRestored';

/** Runs in the page. */
function writeItems(wanted: SessionStorageOrigin & { readonly bindingName: string }): void {
  if (location.origin !== wanted.origin || window.top !== window) return;
  for (const { name, value } of wanted.items) sessionStorage.setItem(name, value);
  const told = (window as unknown as Record<string, ((origin: string) => unknown) | undefined>)[
    wanted.bindingName
  ];
  void told?.(wanted.origin);
}
