import type { BrowserContext, Page } from '@playwright/test';
import type { SessionStorageOrigin } from '../core/storage-state.js';
import { mergeSessionStorage } from './merge-session-storage.js';

/** Keeps what a call to Playwright is given out of steps and traces. */
export type Quietly = <Result>(work: () => Promise<Result>) => Promise<Result>;

/**
 * Gives each tab of a context its sessionStorage, once per tab and origin: when the origin's first document starts, in
 * the tab or in a frame of it, before any script of the page. The script is withdrawn then, so that a later sign-out
 * stays one. Playwright's own storage state leaves sessionStorage out. A tab that is there already, as in a reused
 * context, gets it with its next document. A popup has a copy of its opener's by itself.
 */
export async function restoreSessionStorage(
  context: BrowserContext,
  tabs: readonly SessionStorageOrigin[],
  quietly: Quietly = (work) => work(),
): Promise<void> {
  // One script for each origin: a second one's would be what is withdrawn, and the first would stay.
  const origins = mergeSessionStorage(tabs);
  if (origins.length === 0) return;
  const scripts = new WeakMap<Page, Map<string, () => Promise<void>>>();
  await quietly(() =>
    context.exposeBinding(bindingName, async ({ page }, origin: string) => {
      const withdraw = scripts.get(page)?.get(origin);
      scripts.get(page)?.delete(origin);
      await withdraw?.();
    }),
  );
  const prepare = async (page: Page, wanted: readonly SessionStorageOrigin[]) => {
    const ofPage = new Map<string, () => Promise<void>>();
    scripts.set(page, ofPage);
    const adding = wanted.map((one) => {
      // A page that closes at once takes its script with it.
      const added = quietly(() => page.addInitScript(writeItems, { ...one, bindingName })).catch(
        () => undefined,
      );
      ofPage.set(one.origin, async () => (await added)?.dispose());
      return added;
    });
    await Promise.all(adding);
  };
  context.on('page', (page) => {
    void page.opener().then((opener) => {
      // What the opener has had already, the popup has a copy of, or was signed out of.
      const pending = opener && scripts.get(opener);
      return prepare(page, pending ? origins.filter(({ origin }) => pending.has(origin)) : origins);
    });
  });
  await Promise.all(context.pages().map((page) => prepare(page, origins)));
}

const bindingName = '__authSessionRestored';

/** Runs in the page. */
function writeItems(wanted: SessionStorageOrigin & { readonly bindingName: string }): void {
  // A sandboxed frame has an address of the origin, and none of its storage.
  if (self.origin !== wanted.origin) return;
  try {
    for (const { name, value } of wanted.items) sessionStorage.setItem(name, value);
  } catch {
    // A browser may deny a foreign frame its storage, and a page's errors are the application's.
    return;
  }
  const told = (window as unknown as Record<string, ((origin: string) => unknown) | undefined>)[
    wanted.bindingName
  ];
  void told?.(wanted.origin);
}
