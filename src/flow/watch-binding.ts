import type { BrowserContext, Frame } from '@playwright/test';
import { within } from '../time/within.js';

/** What binds a sign-in to its browser. */
export interface BindingWatch {
  readonly isDeviceBound: () => boolean;
  /** Where IndexedDB of the open pages has keys that no script can read. */
  readonly findKeys: () => Promise<readonly string[]>;
}

/** Watches a context during a sign-in. */
export function watchBinding(context: BrowserContext): BindingWatch {
  let isDeviceBound = false;
  context.on('response', (response) => {
    isDeviceBound ||= registrationHeaders.some((name) => name in response.headers());
  });
  return {
    isDeviceBound: () => isDeviceBound,
    async findKeys() {
      const frames = context.pages().flatMap((page) => page.frames());
      const found = await Promise.all(frames.map(keysOf));
      return [...new Set(found.flat())];
    },
  };
}

async function keysOf(frame: Frame): Promise<readonly string[]> {
  return (
    (await within(
      patienceMs,
      frame.evaluate(placesOfKeys).catch(() => []),
    )) ?? []
  );
}

/** Runs in the page. Playwright's storage state has an empty object for each key, extractable or not. */
async function placesOfKeys(): Promise<string[]> {
  if (typeof CryptoKey === 'undefined') return [];
  const isKey = (value: unknown, depth: number): boolean => {
    if (value instanceof CryptoKey) return true;
    if (typeof value !== 'object' || value === null || depth === 0) return false;
    return Object.values(value).some((one) => isKey(one, depth - 1));
  };
  const settled = <Result>(request: IDBRequest<Result>) =>
    new Promise<Result>((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(new Error('IndexedDB cannot be read'));
    });
  const places: string[] = [];
  for (const { name } of await indexedDB.databases()) {
    if (name === undefined) continue;
    const database = await settled(indexedDB.open(name));
    for (const store of database.objectStoreNames) {
      const values = await settled<unknown[]>(database.transaction(store).objectStore(store).getAll());
      if (values.some((value) => isKey(value, 5))) places.push(`${name}/${store} of ${location.origin}`);
    }
    database.close();
  }
  return places;
}

/** The header of the standard, and its name in earlier drafts. */
const registrationHeaders = ['secure-session-registration', 'sec-session-registration'];
const patienceMs = 2000;
