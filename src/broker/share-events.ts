import type { EventStore } from '../core/ports.js';
import type { SessionEvent } from '../core/session-event.js';
import { within } from '../time/within.js';

/** Passes a run's events on to the store that other machines share. Nothing waits for it, and nothing fails by it. */
export interface EventSharing {
  share(event: SessionEvent): void;
  /** Resolves when the events are stored, or after a second. */
  settled(): Promise<void>;
}

export function createEventSharing(events: EventStore | undefined, machine: string): EventSharing {
  const pending = new Set<Promise<void>>();
  return {
    share({ session, baseURL, outcome, durationMs, signIns, errorCode }) {
      const shared = { machine, session, baseURL, outcome, durationMs, signIns, errorCode };
      const added = events
        ?.add(shared)
        .catch(() => undefined)
        .finally(() => pending.delete(added ?? Promise.resolve()));
      if (added) pending.add(added);
    },
    settled: async () => void (await within(patienceMs, Promise.all(pending))),
  };
}

const patienceMs = 1000;
