/** Work that is given up when everything ends. */
export interface WorkUntilEnd {
  /** @throws TypeError after the end; the signal's reason if it was aborted */
  readonly during: <Result>(work: () => Promise<Result>) => Promise<Result>;
  /** Ends everything, once. */
  readonly end: () => Promise<void>;
}

/** `finish` runs once: when `end` is called or the signal is aborted. */
export function createWorkUntilEnd(
  signal: AbortSignal | undefined,
  finish: () => Promise<void>,
): WorkUntilEnd {
  const over = new AbortController();
  let finished: Promise<void> | undefined;
  const onAbort = () => void end(signal?.reason).catch(() => undefined);
  signal?.addEventListener('abort', onAbort, { once: true });

  async function end(why: unknown = new TypeError('These auth sessions are closed.')): Promise<void> {
    if (!finished) {
      signal?.removeEventListener('abort', onAbort);
      over.abort(why);
      finished = finish();
    }
    return finished;
  }

  return {
    async during(work) {
      signal?.throwIfAborted();
      over.signal.throwIfAborted();
      const { promise, stop } = rejectionOf(over.signal);
      try {
        return await Promise.race([work(), promise]);
      } finally {
        stop();
      }
    },
    end: () => end(),
  };
}

function rejectionOf(signal: AbortSignal): { readonly promise: Promise<never>; readonly stop: () => void } {
  let onAbort = (): void => undefined;
  const promise = new Promise<never>((_resolve, reject) => {
    onAbort = () => reject(signal.reason as Error);
    signal.addEventListener('abort', onAbort);
  });
  return { promise, stop: () => signal.removeEventListener('abort', onAbort) };
}
