import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { APIRequestContext, BrowserContext } from '@playwright/test';
import type { PlaywrightStorageState, StorageOrigin } from '../core/storage-state.js';

export interface Unvisited {
  /** Origins whose localStorage is not restored yet. */
  readonly origins: () => Promise<readonly StorageOrigin[]>;
  /** Restores nothing from now on. */
  readonly withdraw: () => Promise<void>;
}

/**
 * Makes `context.storageState()`, `context.request.storageState()` and `context.setStorageState()` take origins into
 * account whose localStorage is not restored yet.
 */
export function withUnvisited(context: BrowserContext, unvisited: Unvisited): void {
  addTo(context, unvisited);
  addTo(context.request, unvisited);
  const setState = context.setStorageState.bind(context);
  context.setStorageState = async (state) => {
    await unvisited.withdraw();
    return setState(state);
  };
}

function addTo(owner: BrowserContext | APIRequestContext, { origins }: Unvisited): void {
  const read = owner.storageState.bind(owner);
  owner.storageState = async (options: { readonly path?: string } = {}) => {
    const { path: file, ...others } = options;
    let before = await origins();
    if (before.length === 0) return read(options);
    for (;;) {
      const state = await read(others);
      const after = await origins();
      // An origin that was visited in between may be missing in both.
      if (after.length === before.length) return write(withOrigins(state, after), file);
      before = after;
    }
  };
}

/** What Playwright read is newer. */
function withOrigins(
  state: PlaywrightStorageState,
  origins: readonly StorageOrigin[],
): PlaywrightStorageState {
  const read = new Set(state.origins.map(({ origin }) => origin));
  const missing = origins
    .filter(({ origin }) => !read.has(origin))
    .map(({ origin, items }) => ({ origin, localStorage: items.map((item) => ({ ...item })) }));
  return { ...state, origins: [...state.origins, ...missing] };
}

/** As Playwright does. */
async function write(
  state: PlaywrightStorageState,
  file: string | undefined,
): Promise<PlaywrightStorageState> {
  if (file !== undefined) {
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, JSON.stringify(state, undefined, 2));
  }
  return state;
}
