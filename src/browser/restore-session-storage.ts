import type { BrowserContext, Page } from '@playwright/test';
import type { SessionStorageOrigin } from '../core/storage-state.js';
import { mergeSessionStorage } from './merge-session-storage.js';

/** Keeps a call's parameters out of steps and traces. */
export type Quietly = <Result>(work: () => Promise<Result>) => Promise<Result>;

/**
 * Restores a context's sessionStorage, once per tab and origin: when the origin's first document starts, in the tab or
 * a frame, before any script of the page. The script is then removed, so that a later sign-out has an effect.
 * Playwright's storage state lacks sessionStorage. A tab that already exists, as in a reused context, gets it with its
 * next document. A popup gets a copy of its opener's.
 */
export async function restoreSessionStorage(
  context: BrowserContext,
  tabs: readonly SessionStorageOrigin[],
  quietly: Quietly = (work) => work(),
): Promise<void> {
  // One script per origin: of two, only the second would be removed.
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
      // A page that closes at once removes its script.
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
      // The popup has a copy of what its opener already got, or was signed out of.
      const pending = opener && scripts.get(opener);
      return prepare(page, pending ? origins.filter(({ origin }) => pending.has(origin)) : origins);
    });
  });
  await Promise.all(context.pages().map((page) => prepare(page, origins)));
}

const bindingName = '__authSessionRestored';

/** Runs in the page. */
function writeItems(wanted: SessionStorageOrigin & { readonly bindingName: string }): void {
  // A sandboxed frame has the origin's URL, but not its storage.
  if (self.origin !== wanted.origin) return;
  try {
    for (const { name, value } of wanted.items) sessionStorage.setItem(name, value);
  } catch {
    // A browser may deny storage to a cross-site frame. The application handles a page's errors.
    return;
  }
  const told = (window as unknown as Record<string, ((origin: string) => unknown) | undefined>)[
    wanted.bindingName
  ];
  void told?.(wanted.origin);
}
