/**
 * Runs one call of the SDK, and rejects if the SDK's WebAssembly crashes meanwhile. The SDK does not report that: its
 * call never ends, and the error is thrown from the microtask that runs its Rust code, where it would end the process.
 * `abandon` ends the requests of the crashed client.
 */
export async function untilPanic<Result>(work: () => Promise<Result>, abandon: () => void): Promise<Result> {
  let stop: () => void = () => undefined;
  const panicked = new Promise<never>((_, reject) => {
    stop = listen((panic) => {
      abandon();
      // Other calls of the same client crash too. A caller that has moved on to another client must not see that.
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

/** The active calls: the one that crashed is unknown. */
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

/** The SDK looks this function up for each of its steps, as with `fetch`. */
const watchedQueue: typeof queueMicrotask = (callback) =>
  unwatchedQueue(() => {
    try {
      callback();
    } catch (error) {
      if (!(error instanceof WebAssembly.RuntimeError) || listeners.size === 0) throw error;
      for (const listener of [...listeners]) listener(error);
    }
  });
