import { AsyncLocalStorage } from 'node:async_hooks';

/**
 * The one file of the broker that knows Playwright's insides: how its client tells of the calls that are made to it.
 * Read from Playwright 1.65.1; tests/contract/playwright-calls.spec.ts fails when the shape changes.
 */

/** A call of Playwright's API, as it leaves for the browser: `Frame`, `fill`, `{ selector, value, … }`. */
export interface PlaywrightCall {
  readonly type: string;
  readonly method: string;
  readonly params: Readonly<Record<string, unknown>>;
}

/** Hears of a call when it begins, and gives what hears of its end. */
export type CallWatcher = (call: PlaywrightCall) => (error: Error | undefined) => void;

interface Instrumentation {
  addListener(listener: object): void;
  removeListener(listener: object): void;
}

/**
 * Tells `watcher` of each call that `work` makes, also where other work goes on in other contexts. Should the inside
 * be gone, nothing is told and the work is done all the same.
 */
export async function watchingCalls<Result>(
  owner: object,
  watcher: CallWatcher,
  work: () => Promise<Result>,
): Promise<Result> {
  const inside = (owner as { _instrumentation?: Partial<Instrumentation> })._instrumentation;
  if (!inside?.addListener || !inside.removeListener) return work();
  const ends = new WeakMap<object, ReturnType<CallWatcher>>();
  const listener = {
    onApiCallBegin(zone: object, call: PlaywrightCall) {
      if (working.getStore() === watcher) ends.set(zone, watcher(call));
    },
    onApiCallEnd(zone: { readonly error?: Error }) {
      ends.get(zone)?.(zone.error);
    },
  };
  inside.addListener(listener);
  try {
    return await working.run(watcher, work);
  } finally {
    inside.removeListener(listener);
  }
}

const working = new AsyncLocalStorage<CallWatcher>();
