import type { SharedSessionOptions } from '../core/session-options.js';
import type { PlaywrightStorageState, StorageOrigin, StorageState } from '../core/storage-state.js';
import type { StorageToRestore } from './restore-storage.js';

export interface RestorePlan {
  /** For Playwright to restore when it creates the context. */
  readonly playwright: PlaywrightStorageState;
  /** For `restoreStorage`. */
  readonly storage: StorageToRestore;
}

export interface RestorePlanOptions {
  readonly restore: NonNullable<SharedSessionOptions['restore']>;
  readonly browserName: string;
  readonly javaScriptEnabled?: boolean | undefined;
}

/**
 * Decides who restores what. Playwright visits each origin of a state when it creates the context. `lazy` leaves out
 * the origins that have nothing but localStorage. An origin with IndexedDB or anything unknown stays with Playwright;
 * so do all if no script can run before a page's, or the browser keeps a frame's storage apart by the page around it.
 */
export function planRestore(
  { playwright, sessionStorage }: StorageState,
  { restore, browserName, javaScriptEnabled = true }: RestorePlanOptions,
): RestorePlan {
  if (restore === 'eager' || browserName !== 'chromium' || !javaScriptEnabled)
    return { playwright, storage: { localStorage: [], sessionStorage } };
  // As in Playwright, the last of several entries counts.
  const origins = [...new Map(playwright.origins.map((one) => [one.origin, one])).values()];
  return {
    playwright: { ...playwright, origins: origins.filter((one) => !hasOnlyItems(one)) },
    storage: { localStorage: origins.filter(hasOnlyItems).flatMap(itemsOf), sessionStorage },
  };
}

type Origin = PlaywrightStorageState['origins'][number];

function hasOnlyItems({ origin, localStorage, ...others }: Origin): boolean {
  const hasNothingElse = Object.values(others).every((one) => Array.isArray(one) && one.length === 0);
  return hasNothingElse && Array.isArray(localStorage) && isWebOrigin(origin);
}

/** Whether a document's `location.origin` is exactly this text. */
function isWebOrigin(text: string): boolean {
  return /^https?:/.test(text) && URL.canParse(text) && new URL(text).origin === text;
}

function itemsOf({ origin, localStorage }: Origin): StorageOrigin[] {
  return localStorage.length > 0 ? [{ origin, items: localStorage }] : [];
}
