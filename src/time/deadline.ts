import { untilAborted } from './until-aborted.js';

/** A time limit that pauses during waits for codes. */
export interface Deadline {
  /** Aborted when the time is up, or with the outer signal. */
  readonly signal: AbortSignal;
  /** Runs `work` without counting its time. */
  pause<Result>(work: () => Promise<Result>): Promise<Result>;
  /** Adds time to what is left. Too late once the time is up. */
  extend(ms: number): void;
  /** Rejects if the signal is aborted before `work` ends. */
  race<Result>(work: Promise<Result>): Promise<Result>;
  end(): void;
}

/** With `limitMs: Infinity` it never times out, as under PWDEBUG. `timedOut` creates the reason from the whole limit. */
export function createDeadline(
  limitMs: number,
  outer: AbortSignal,
  timedOut: (limitMs: number) => Error,
): Deadline {
  const controller = new AbortController();
  const signal = AbortSignal.any([controller.signal, outer]);
  let leftMs = limitMs;
  let wholeMs = limitMs;
  let startedAtMs = 0;
  let timer: NodeJS.Timeout | undefined;
  let pauses = 0;
  let ended = false;
  const run = () => {
    if (ended || pauses > 0) return;
    startedAtMs = performance.now();
    if (leftMs !== Infinity) timer = setTimeout(() => controller.abort(timedOut(wholeMs)), leftMs);
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
    extend(ms) {
      stop();
      leftMs += ms;
      wholeMs += ms;
      run();
    },
    race: (work) => untilAborted(signal, work),
    end() {
      stop();
      ended = true;
    },
  };
}
