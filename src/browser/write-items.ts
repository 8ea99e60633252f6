import type { StorageOrigin } from '../core/storage-state.js';

export interface ItemsToWrite extends StorageOrigin {
  readonly area: 'localStorage' | 'sessionStorage';
  /** Whether the frame's previous document, if of the same origin, surely got the script. */
  readonly trustsHistory: boolean;
}

/**
 * Runs in every document of every origin, before any script of the page. Writes the items when the origin's first
 * document starts. The script stays for a moment after that, until it is withdrawn, so it looks for signs of an earlier
 * document of the origin: that document's page may have changed the items, or signed out.
 *
 * A page can prepare a window that it opens, and replace what this calls: no script runs in such a window, and the
 * properties of `location` cannot be replaced. Code below the first checks runs only in documents of the origin itself.
 */
export function writeItems(wanted: ItemsToWrite): void {
  if (location.origin !== wanted.origin || location.protocol === 'blob:') return;
  // A sandboxed document has the origin's URL, but not its storage.
  if (self.origin !== wanted.origin) return;
  const { activation } = (self as { navigation?: { activation?: { from?: unknown } } }).navigation ?? {};
  if (wanted.trustsHistory && activation?.from) return;
  const isOfSameOrigin = (other: Window | null) => {
    try {
      return other !== null && other !== self && Boolean(other.document);
    } catch {
      return false;
    }
  };
  if ([parent, top, opener as Window | null].some(isOfSameOrigin)) return;
  try {
    const storage = self[wanted.area];
    if (wanted.area === 'localStorage' && storage.length > 0) return;
    for (const { name, value } of wanted.items)
      if (storage.getItem(name) === null) storage.setItem(name, value);
  } catch {
    // A browser may deny storage to a cross-site frame. The application handles a page's errors.
  }
}

/** Runs in a page. `undefined` if its document is not of this origin; `false` if it has no access to its storage. */
export function hasStorage({ origin, area }: Pick<ItemsToWrite, 'origin' | 'area'>): boolean | undefined {
  if (location.origin !== origin) return undefined;
  try {
    return self.origin === origin && self[area].length >= 0;
  } catch {
    return false;
  }
}
