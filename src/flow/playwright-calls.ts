import { AsyncLocalStorage } from 'node:async_hooks';

/**
 * The broker's only file that uses Playwright's insides: how its client reports calls. Matches Playwright 1.65.1;
 * tests/contract/playwright-calls.spec.ts fails if they change.
 */

/** A call of Playwright's API, as sent to the browser: `Frame`, `fill`, `{ selector, value, … }`. */
export interface PlaywrightCall {
  readonly type: string;
  readonly method: string;
  readonly params: Readonly<Record<string, unknown>>;
  /** The file, line and column that called it. */
  readonly at?: string | undefined;
}

/** Called when a call begins; returns a function for its end. */
export type CallWatcher = (call: PlaywrightCall) => (error: Error | undefined) => void;

interface Instrumentation {
  addListener(listener: object): void;
  removeListener(listener: object): void;
}

/**
 * Reports each call made by `work` to `watcher`, also if other contexts are active. If these insides are missing,
 * `work` runs without reports.
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
    onApiCallBegin(zone: { readonly frames?: readonly Frame[] }, call: PlaywrightCall) {
      if (working.getStore() === watcher) ends.set(zone, watcher({ ...call, at: placeOf(zone.frames) }));
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

function placeOf([frame]: readonly Frame[] = []): string | undefined {
  return frame && `${frame.file}:${frame.line}:${frame.column}`;
}

interface Frame {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

const working = new AsyncLocalStorage<CallWatcher>();
