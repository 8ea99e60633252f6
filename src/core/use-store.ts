/**
 * Stores who uses what: accounts of a pool, sessions with a limited number of users. First come, first served, by
 * tickets. A use ends when it is released, when its time is over, or when its holder's process is known to be dead;
 * a place in the queue does too.
 */
export interface UseStore {
  /**
   * Takes one of the slots, or a place in the queue. Repeated with the same ticket, it returns the slot taken before, or
   * keeps the place in the queue.
   */
  claim(resource: string, claim: UseClaim): Promise<UseAnswer>;
  /** Claims `ttlMs` more from now; `false` if the ticket has no slot any more. */
  extend(resource: string, ticket: string, ttlMs: number): Promise<boolean>;
  /** Gives the slot back, or leaves the queue. */
  release(resource: string, ticket: string): Promise<void>;
  /** Everything in use or waited for, by anyone; only of one resource if it is given. */
  read(resource?: string): Promise<readonly ResourceUses[]>;
}

export interface UseClaim {
  /** How many may use it at once: slots 1 to this number. */
  readonly slots: number;
  /** Names one claim among all of all processes. Knowing it is enough to extend and release. */
  readonly ticket: string;
  readonly holder: UseHolder;
  /** How long a slot is held without `extend`. */
  readonly ttlMs: number;
  /** How long a place in the queue is kept without another `claim`. */
  readonly waitTtlMs: number;
  /** Taken if it is free. [the lowest free slot] */
  readonly preferredSlot?: number | undefined;
  /** No other slot is taken, and there is no wait: for a holder that takes its use up again. */
  readonly onlySlot?: number | undefined;
  /** The process that the use ends with, where others can see that it died. [this process] */
  readonly keeper?: number | undefined;
}

/** The worker or command that uses something. Stored in the open, and shown to everyone who waits. */
export interface UseHolder {
  readonly machine: string;
  readonly process: number;
  readonly project?: string | undefined;
  /** Playwright's index of the worker. */
  readonly worker?: number | undefined;
}

export type UseAnswer =
  | { readonly slot: number; readonly sinceMs: number }
  /** The place in the queue, from 1, and who uses it now. 0: it does not wait. */
  | { readonly position: number; readonly uses: ResourceUses };

export interface ResourceUses {
  readonly resource: string;
  /** As in the latest claim. */
  readonly slots: number;
  /** By slot. Its end is known by `untilMs`, of the store's clock as all times here. */
  readonly held: readonly (Waiting & { readonly slot: number; readonly untilMs: number })[];
  /** In their order. */
  readonly waiting: readonly Waiting[];
  /** The store's time of this answer. */
  readonly nowMs: number;
}

interface Waiting {
  readonly holder: UseHolder;
  readonly sinceMs: number;
}
