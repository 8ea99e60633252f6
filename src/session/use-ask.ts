import type { UseHolder } from '../core/use-store.js';

/** What a worker or a command wants to use. */
export interface UseAsk {
  readonly resource: string;
  /** For messages: `session "admin"`, `an account of "customer"`. */
  readonly what: string;
  readonly session: string;
  readonly slots: number;
  readonly ticket: string;
  readonly holder: UseHolder;
  /** Its process ID; `undefined` for a command in this process. */
  readonly worker: number | undefined;
  /** A worker that takes the place of another prefers its slot. */
  readonly lane: string | undefined;
  readonly maxWaitMs: number;
  /** Tickets of the same test. What else its worker holds is given back before it waits. */
  readonly together: readonly string[];
  /** The slot that this ticket had, maybe from an earlier broker. No other one is taken. */
  readonly slot?: number | undefined;
}

export type HeldAsk = UseAsk & { readonly slot: number };

export type UseStep =
  | { readonly slot: number }
  /** Who has it, for the person who waits. */
  | { readonly waiting: string };
