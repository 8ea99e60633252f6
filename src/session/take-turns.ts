export interface Turn<Result> {
  /** Whether nobody needs to wait any more. */
  readonly isFree: () => boolean;
  readonly alone: () => Promise<Result>;
  readonly free: () => Promise<Result>;
  readonly signal: AbortSignal;
}

export interface Turns {
  /** Runs `alone` when no other task of this name runs, or `free` as soon as waiting is not needed. */
  take<Result>(name: string, turn: Turn<Result>): Promise<Result>;
}

/** Turns within one process. The wait has no time limit, because each task has its own. */
export function createTurns(): Turns {
  const busy = new Map<string, Promise<unknown>>();
  return {
    async take(name, { isFree, alone, free, signal }) {
      for (let other = busy.get(name); other && !isFree(); other = busy.get(name)) {
        await other;
        signal.throwIfAborted();
      }
      if (isFree()) return free();
      const work = alone();
      const end = () => busy.delete(name);
      busy.set(name, work.then(end, end));
      return work;
    },
  };
}
