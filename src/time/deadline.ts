/** A time limit that pauses during waits for codes. */
export interface Deadline {
  /** Aborted when the time is up, or with the outer signal. */
  readonly signal: AbortSignal;
  /** Runs `work` without counting its time. */
  pause<Result>(work: () => Promise<Result>): Promise<Result>;
  /** Rejects if the signal is aborted before `work` ends. */
  race<Result>(work: Promise<Result>): Promise<Result>;
  end(): void;
}

/** With `limitMs: Infinity` it never times out, as under PWDEBUG. `timedOut` creates the reason. */
export function createDeadline(limitMs: number, outer: AbortSignal, timedOut: () => Error): Deadline {
  const controller = new AbortController();
  const signal = AbortSignal.any([controller.signal, outer]);
  let leftMs = limitMs;
  let startedAtMs = 0;
  let timer: NodeJS.Timeout | undefined;
  let pauses = 0;
  let ended = false;
  const run = () => {
    if (ended || pauses > 0) return;
    startedAtMs = performance.now();
    if (leftMs !== Infinity) timer = setTimeout(() => controller.abort(timedOut()), leftMs);
  };
  const stop = () => {
    if (ended || pauses > 0) return;
    clearTimeout(timer);
    leftMs -= performance.now() - startedAtMs;
  };
  run();
  return {
    signal,
    async pause(work) {
      stop();
      pauses += 1;
      try {
        return await work();
      } finally {
        pauses -= 1;
        run();
      }
    },
    async race(work) {
      let onAbort: (() => void) | undefined;
      const aborted = new Promise<never>((_, reject) => {
        onAbort = () => reject(signal.reason as Error);
        if (signal.aborted) onAbort();
        else signal.addEventListener('abort', onAbort, { once: true });
      });
      try {
        return await Promise.race([work, aborted]);
      } finally {
        if (onAbort) signal.removeEventListener('abort', onAbort);
      }
    },
    end() {
      stop();
      ended = true;
    },
  };
}
