import type { SessionHandle } from '../wire/messages.js';

/** Tracks which worker has a state that each use replaces. If the worker dies, the state is lost. */
export interface HoldDesk {
  /** Returns the ID to give it back with. */
  take(handle: SessionHandle, worker: number): string;
  /** An unknown ID is from an earlier broker. */
  giveBack(hold: string | undefined): void;
  /** The sign-ins of this entry whose workers died, each once. */
  lost(key: string): readonly string[];
}

export interface HoldDeskOptions {
  readonly newId: () => string;
  readonly isAlive: (worker: number) => boolean;
}

export function createHoldDesk({ newId, isAlive }: HoldDeskOptions): HoldDesk {
  const holds = new Map<string, SessionHandle & { readonly worker: number }>();
  return {
    take({ key, id }, worker) {
      const hold = newId();
      holds.set(hold, { key, id, worker });
      return hold;
    },
    giveBack(hold) {
      if (hold !== undefined) holds.delete(hold);
    },
    lost(key) {
      const gone = [...holds].filter(([, one]) => one.key === key && !isAlive(one.worker));
      for (const [hold] of gone) holds.delete(hold);
      return gone.map(([, { id }]) => id);
    },
  };
}
