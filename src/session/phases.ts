import type { AcquirePhase, PhasePath } from '../core/acquire-phase.js';

/** What the acquisition of one session does now, for those who wait for it. */
export interface Phases {
  /** In this phase while `work` runs, within those that have not ended. */
  during<Result>(phase: AcquirePhase, work: () => Promise<Result>): Promise<Result>;
  /** Calls `onPhase` with the phase now, if any, and with each change, until the returned function is called. */
  watch(onPhase: (path: PhasePath) => void): () => void;
}

export function createPhases(): Phases {
  /** A flow may wait for a code when its sign-in has ended: each phase ends by itself. */
  const begun = new Set<{ readonly phase: AcquirePhase }>();
  const watchers = new Set<(path: PhasePath) => void>();
  const path = (): PhasePath => [...new Set([...begun].map(({ phase }) => phase))];
  const tell = () => {
    for (const onPhase of watchers) onPhase(path());
  };
  return {
    async during(phase, work) {
      const own = { phase };
      begun.add(own);
      tell();
      try {
        return await work();
      } finally {
        begun.delete(own);
        tell();
      }
    },
    watch(onPhase) {
      const watcher = (one: PhasePath) => onPhase(one);
      watchers.add(watcher);
      if (begun.size > 0) onPhase(path());
      return () => void watchers.delete(watcher);
    },
  };
}
