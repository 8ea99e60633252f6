export interface Turn<Result> {
  /** Whether nobody has to wait any more. */
  readonly isFree: () => boolean;
  readonly alone: () => Promise<Result>;
  readonly free: () => Promise<Result>;
  readonly signal: AbortSignal;
}

export interface Turns {
  /** Runs `alone` when nobody else of this name does, or `free` as soon as nobody has to wait. */
  take<Result>(name: string, turn: Turn<Result>): Promise<Result>;
}

/** Within one process, without a limit to the wait: whoever is before has limits of its own. */
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
