import { AuthSessionsError } from '../core/errors.js';
import type { Clock, ResourceUses, UseHolder, UseStore } from '../core/ports.js';
import { describeUses } from './describe-uses.js';
import { useLost } from './exclusive-state.js';
import { elapsedMs, leaseMoment, usableShare, type LeaseMoment } from './hold.js';

/** Takes uses of sessions and accounts for workers, keeps them, and gives those of dead workers back. */
export interface UseDesk {
  /** Waits some seconds at most: the worker asks again until it has a slot. */
  claim(ask: UseAsk): Promise<UseStep>;
  /** The slot that a ticket holds. @throws AuthSessionsError `ERR_LEASE_LOST` if it passed on */
  held(ticket: string): { readonly resource: string; readonly slot: number } | undefined;
  /** Asks the store, which also knows what an earlier broker of this run claimed. */
  isHeld(resource: string, ticket: string): Promise<boolean>;
  release(ticket: string): Promise<void>;
  /** Gives everything back. */
  close(): Promise<void>;
}

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
}

export type UseStep =
  | { readonly slot: number }
  /** Who has it, for the person who waits. */
  | { readonly waiting: string };

export interface UseDeskOptions {
  readonly uses: UseStore;
  readonly clock: Clock;
  readonly isAlive: (worker: number) => boolean;
  readonly signal: AbortSignal;
  readonly onWait: (line: string) => void;
}

export function createUseDesk({ uses, clock, isAlive, signal, onWait }: UseDeskOptions): UseDesk {
  const holdings = new Map<string, Holding>();
  const waits = new Map<string, { readonly sinceMs: number; tellAtMs: number }>();
  const lanes = new Map<string, number>();
  let keeping = false;

  const release = async (ticket: string) => {
    const holding = holdings.get(ticket);
    holdings.delete(ticket);
    if (holding) await uses.release(holding.resource, ticket);
  };
  const keep = async () => {
    for (let lastMs = clock.nowMs(); holdings.size > 0;) {
      await clock.sleep(aliveMs, signal);
      await releaseDead();
      if (Math.abs(clock.nowMs() - lastMs) < useTtlMs / renewals) continue;
      lastMs = clock.nowMs();
      await Promise.all([...holdings].map(async ([ticket, holding]) => extend(ticket, holding)));
    }
  };
  const extend = async (ticket: string, holding: Holding) => {
    const from = leaseMoment(clock);
    // If it fails, it is tried again while there is time.
    const isOurs = await uses.extend(holding.resource, ticket, useTtlMs).catch(() => undefined);
    if (isOurs === false) holding.lost = true;
    if (isOurs === true) holding.from = from;
  };
  /** Also when the store did not answer: it passes the use on at the end of its time. */
  const isLost = ({ lost, from }: Holding) =>
    lost || elapsedMs(from, leaseMoment(clock)) >= useTtlMs * usableShare;
  const releaseDead = async () => {
    const dead = [...holdings].filter(([, { worker }]) => worker !== undefined && !isAlive(worker));
    await Promise.allSettled(dead.map(async ([ticket]) => release(ticket)));
  };
  /** Two workers, each with what the other one waits for, would wait for ever. */
  const releaseIdle = async ({ worker, ticket, together }: UseAsk) => {
    const idle = [...holdings].filter(
      ([other, holding]) => holding.worker === worker && other !== ticket && !together.includes(other),
    );
    if (worker !== undefined) await Promise.allSettled(idle.map(async ([other]) => release(other)));
  };
  const startKeeping = () => {
    if (keeping) return;
    keeping = true;
    keep()
      .catch(() => undefined)
      .finally(() => {
        keeping = false;
      });
  };

  return {
    async claim(ask) {
      const { resource, ticket, slots, holder, worker, lane } = ask;
      const known = holdings.get(ticket);
      if (known && !isLost(known)) return { slot: known.slot };
      const askedAtMs = clock.nowMs();
      const wait = waits.get(ticket) ?? { sinceMs: askedAtMs, tellAtMs: askedAtMs + firstTellMs };
      for (;;) {
        await releaseDead();
        const preferredSlot = lane === undefined ? undefined : lanes.get(`${resource} ${lane}`);
        const times = { ttlMs: useTtlMs, waitTtlMs };
        const from = leaseMoment(clock);
        const answer = await uses.claim(resource, { slots, ticket, holder, preferredSlot, ...times });
        if ('slot' in answer) {
          waits.delete(ticket);
          holdings.set(ticket, { resource, slot: answer.slot, worker, lost: false, from });
          if (lane !== undefined) lanes.set(`${resource} ${lane}`, answer.slot);
          startKeeping();
          return { slot: answer.slot };
        }
        waits.set(ticket, wait);
        await releaseIdle(ask);
        const nowMs = clock.nowMs();
        const holdsMore = ask.together.some((other) => other !== ticket && holdings.has(other));
        const maxWaitMs = holdsMore ? Math.min(ask.maxWaitMs, maxWaitHoldingMs) : ask.maxWaitMs;
        if (nowMs - wait.sinceMs >= maxWaitMs) {
          waits.delete(ticket);
          await uses.release(resource, ticket);
          throw waitedTooLong({ ...ask, maxWaitMs }, answer.uses);
        }
        const waiting = `waits for ${ask.what}, as number ${answer.position}: ${describeUses(answer.uses)}`;
        if (nowMs >= wait.tellAtMs) {
          wait.tellAtMs = nowMs + tellMs;
          onWait(`${nameOf(holder)} ${waiting}`);
        }
        if (nowMs - askedAtMs >= stepMs) return { waiting };
        await clock.sleep(pollMs, signal);
      }
    },
    held(ticket) {
      const holding = holdings.get(ticket);
      if (holding && isLost(holding)) throw useLost();
      return holding;
    },
    async isHeld(resource, ticket) {
      const holding = holdings.get(ticket);
      return !(holding && isLost(holding)) && uses.extend(resource, ticket, useTtlMs);
    },
    release,
    async close() {
      await Promise.allSettled([...holdings.keys()].map(release));
    },
  };
}

function waitedTooLong({ what, session, maxWaitMs }: UseAsk, uses: ResourceUses): AuthSessionsError {
  return new AuthSessionsError(
    'ERR_SESSION_IN_USE',
    {
      failed: `The test waited ${Math.round(maxWaitMs / 1000)} s for ${what}.`,
      known: `${describeUses(uses)}.`,
      next: 'Use fewer workers, add accounts, or raise maxWaitSeconds. A test that uses several exclusive sessions asks for them in the same order as other tests.',
    },
    { session },
  );
}

function nameOf({ project, worker }: UseHolder): string {
  const parts = [worker === undefined ? 'This command' : `Worker ${worker}`, project && `of ${project}`];
  return parts.filter((part) => part !== undefined && part !== '').join(' ');
}

interface Holding {
  readonly resource: string;
  readonly slot: number;
  readonly worker: number | undefined;
  lost: boolean;
  /** When the store was last asked for it, with success. */
  from: LeaseMoment;
}

/** As long as a lease on a session, which a late holder must not have longer. */
const useTtlMs = 45_000;
const renewals = 9;
/** Longer than the pause between two requests of a worker that waits. */
const waitTtlMs = 15_000;
/** With something else in hand, which the other holder may be waiting for. */
const maxWaitHoldingMs = 120_000;
const aliveMs = 250;
const pollMs = 150;
const stepMs = 5000;
const firstTellMs = 2000;
const tellMs = 30_000;
