import type { BrowserContext, Disposable, Frame, Page } from '@playwright/test';
import type { StorageOrigin } from '../core/storage-state.js';
import { lookForStorage, type FrameVisits } from './look-for-storage.js';
import type { Quietly } from './quietly.js';
import { writeItems, type ItemsToWrite } from './write-items.js';

/** Items that are written when the first document of their origin starts. */
export interface PendingItems {
  /** Resolves when the scripts are in place. */
  readonly added: Promise<unknown>;
  /** Origins whose first document has not started yet. */
  readonly origins: ReadonlyMap<string, StorageOrigin>;
  /** Call it for each document that starts, after `visits` knows it. */
  look(frame: Frame): void;
  /** Call it for a navigation that failed: an error page stands in its place, and looks like a document of the origin. */
  distrustHistory(url: string): void;
  /** Resolves when `origins` takes all these documents into account. */
  settled(): Promise<void>;
  /** Restores nothing from now on. */
  withdraw(): Promise<void>;
}

export interface RestoreOnceOptions extends Pick<ItemsToWrite, 'area' | 'trustsHistory'> {
  readonly origins: readonly StorageOrigin[];
  readonly visits: FrameVisits;
  readonly quietly: Quietly;
  readonly onRestored?: (origin: string) => void;
}

interface Pending extends StorageOrigin {
  trustsHistory: boolean;
  script: Promise<Disposable | undefined>;
}

/** Restores an area of storage in a context or a tab, by one script for each origin, which is then withdrawn. */
export function restoreOnce(
  target: BrowserContext | Page,
  { origins, area, trustsHistory, visits, quietly, onRestored }: RestoreOnceOptions,
): PendingItems {
  const looking = new Set<Promise<void>>();
  const pending = new Map<string, Pending>(
    origins.map((one) => [one.origin, { ...one, trustsHistory, script: add(one, trustsHistory) }]),
  );

  function add({ origin, items }: StorageOrigin, trusts: boolean): Promise<Disposable | undefined> {
    const wanted: ItemsToWrite = { origin, items, area, trustsHistory: trusts };
    // A target that closes at once removes its script.
    return quietly(() => target.addInitScript(writeItems, wanted)).catch(() => undefined);
  }

  async function dispose(script: Pending['script']): Promise<void> {
    const added = await script;
    await quietly(async () => added?.dispose()).catch(() => undefined);
  }

  async function remove(origin: string): Promise<void> {
    const one = pending.get(origin);
    pending.delete(origin);
    if (one) await dispose(one.script);
  }

  function distrust(one: Pending): void {
    if (!one.trustsHistory) return;
    const before = one.script;
    one.trustsHistory = false;
    one.script = add(one, false);
    void one.script.then(() => dispose(before));
  }

  async function lookAt(frame: Frame, one: Pending): Promise<void> {
    const found = await lookForStorage(frame, { origin: one.origin, area, visits, quietly });
    if (found === 'none') distrust(one);
    if (found !== 'has') return;
    onRestored?.(one.origin);
    await remove(one.origin);
  }

  const find = (url: string) => [...pending.values()].find(({ origin }) => url.startsWith(`${origin}/`));

  return {
    added: Promise.all([...pending.values()].map(({ script }) => script)),
    origins: pending,
    look(frame) {
      const one = find(frame.url());
      if (!one) return;
      const look = lookAt(frame, one).finally(() => looking.delete(look));
      looking.add(look);
    },
    distrustHistory(url) {
      const one = find(url);
      if (one) distrust(one);
    },
    settled: async () => void (await Promise.all(looking)),
    withdraw: async () => void (await Promise.all([...pending.keys()].map(remove))),
  };
}
