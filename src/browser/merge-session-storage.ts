import type { SessionStorageOrigin } from '../core/storage-state.js';

/** Merges the tabs' entries by origin. If several tabs have an item of the same name, the last tab's counts. */
export function mergeSessionStorage(tabs: readonly SessionStorageOrigin[]): SessionStorageOrigin[] {
  const byOrigin = new Map<string, Map<string, string>>();
  for (const { origin, items } of tabs) {
    const merged = byOrigin.get(origin) ?? new Map<string, string>();
    for (const { name, value } of items) merged.set(name, value);
    byOrigin.set(origin, merged);
  }
  return [...byOrigin].map(([origin, items]) => ({
    origin,
    items: [...items].map(([name, value]) => ({ name, value })),
  }));
}
