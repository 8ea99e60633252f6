/**
 * Runs one call of the SDK, and rejects when the SDK's WebAssembly breaks down meanwhile. Of that the SDK tells
 * nobody: its call never ends, and the error is thrown out of the microtask in which its Rust code runs, where it
 * would end the process. `abandon` ends the requests of the broken client.
 */
export async function untilPanic<Result>(work: () => Promise<Result>, abandon: () => void): Promise<Result> {
  let stop: () => void = () => undefined;
  const panicked = new Promise<never>((_, reject) => {
    stop = listen((panic) => {
      abandon();
      // Other calls of the same client break down as it does: whoever goes on with another one must not hear of it.
      setImmediate(() => reject(panic));
    });
  });
  try {
    return await Promise.race([work(), panicked]);
  } finally {
    stop();
  }
}

type Listener = (panic: WebAssembly.RuntimeError) => void;

/** The calls that are under way: nobody can tell which of them it was. */
const listeners = new Set<Listener>();
let unwatchedQueue = globalThis.queueMicrotask;

function listen(listener: Listener): () => void {
  listeners.add(listener);
  if (globalThis.queueMicrotask !== watchedQueue) {
    unwatchedQueue = globalThis.queueMicrotask;
    globalThis.queueMicrotask = watchedQueue;
  }
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0 && globalThis.queueMicrotask === watchedQueue)
      globalThis.queueMicrotask = unwatchedQueue;
  };
}

/** The SDK looks this function up for each of its steps, as it does `fetch`. */
const watchedQueue: typeof queueMicrotask = (callback) =>
  unwatchedQueue(() => {
    try {
      callback();
    } catch (error) {
      if (!(error instanceof WebAssembly.RuntimeError) || listeners.size === 0) throw error;
      for (const listener of [...listeners]) listener(error);
    }
  });
