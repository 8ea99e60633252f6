import { AuthSessionsError } from '../core/errors.js';
import type { UseClaim } from '../core/use-store.js';
import { leaseMoment } from './hold.js';
import { createKeptUses, useTtlMs, type KeptUse, type KeptUsesOptions } from './kept-uses.js';
import type { HeldAsk, UseAsk, UseStep } from './use-ask.js';
import { useEnded, usePassedOn, waitedTooLong } from './use-errors.js';
import { createUseWaits, type UseWait, type UseWaitsOptions } from './use-waits.js';

/** Takes uses of sessions and accounts for workers, keeps them, and gives those of dead workers back. */
export interface UseDesk {
  /**
   * Waits some seconds at most: the worker asks again until it has a slot.
   *
   * @throws AuthSessionsError `ERR_SESSION_IN_USE` after `maxWaitMs`; `ERR_LEASE_LOST` if `slot` is given and passed on
   */
  claim(ask: UseAsk): Promise<UseStep>;
  /** Whether nobody else can have had this use since its holder got it. Asks the store. */
  isHeld(ask: HeldAsk): Promise<boolean>;
  /** Also of a ticket that waits. `resource` is for one that an earlier broker granted. */
  release(ticket: string, resource?: string): Promise<void>;
  /** Gives everything back, waiting tickets included, within some seconds. */
  close(): Promise<void>;
}

export interface UseDeskOptions extends KeptUsesOptions, UseWaitsOptions {
  /** Called when a worker has got a use: enough to ask for it again after a restart. */
  readonly onKept?: ((ask: HeldAsk) => void) | undefined;
}

export function createUseDesk(options: UseDeskOptions): UseDesk {
  const { uses, clock, signal } = options;
  const kept = createKeptUses(options);
  const waits = createUseWaits(options);
  const lanes = new Map<string, number>();
  const running = new Set<Promise<unknown>>();
  const again = new Map<string, Promise<{ readonly slot: number }>>();
  let closed = false;

  const keep = (ask: UseAsk, own: Granted) => {
    const { resource, ticket, worker, lane } = ask;
    kept.add(ticket, { resource, worker, ...own });
    if (worker !== undefined) options.onKept?.({ ...ask, slot: own.slot, together: [] });
    if (lane !== undefined) lanes.set(`${resource} ${lane}`, own.slot);
    return { slot: own.slot };
  };

  async function release(ticket: string, resource?: string): Promise<void> {
    const wait = waits.end(ticket);
    const where = kept.drop(ticket)?.resource ?? wait?.resource ?? resource;
    if (where !== undefined) await uses.release(where, ticket);
  }

  /** A claim that is answered after its end is given back at once. */
  async function requireWanted(ask: UseAsk, wait: UseWait): Promise<void> {
    if (!wait.ended) return;
    await uses.release(ask.resource, ask.ticket);
    throw useEnded(ask);
  }

  /** One at a time for a ticket: the first one sees whether the store still had it. */
  async function takeUpAgain(ask: HeldAsk): Promise<{ readonly slot: number }> {
    const { resource, ticket } = ask;
    const wait = waits.begin(ask);
    try {
      const from = leaseMoment(clock);
      const wasOurs = await uses.extend(resource, ticket, useTtlMs);
      const answer = await uses.claim(resource, { ...claimOf(ask), onlySlot: ask.slot });
      await requireWanted(ask, wait);
      if ('slot' in answer) return keep(ask, { slot: answer.slot, from, interrupted: !wasOurs });
      kept.drop(ticket);
      throw usePassedOn(ask, answer.uses);
    } finally {
      waits.forget(ticket);
    }
  }

  async function keepOn(ask: HeldAsk): Promise<{ readonly slot: number }> {
    const pending = again.get(ask.ticket) ?? takeUpAgain(ask).finally(() => again.delete(ask.ticket));
    again.set(ask.ticket, pending);
    return pending;
  }

  async function waitFor(ask: UseAsk): Promise<UseStep> {
    const { resource, ticket, worker, lane } = ask;
    const askedAtMs = clock.nowMs();
    const wait = waits.continue(ask);
    for (;;) {
      await kept.releaseDead();
      if (wait.ended) throw useEnded(ask);
      const preferredSlot = lane === undefined ? undefined : lanes.get(`${resource} ${lane}`);
      const from = leaseMoment(clock);
      const answer = await uses.claim(resource, { ...claimOf(ask), preferredSlot });
      await requireWanted(ask, wait);
      if ('slot' in answer) {
        waits.forget(ticket);
        return keep(ask, { slot: answer.slot, from, interrupted: false });
      }
      // Two workers, each with what the other one waits for, would wait for ever.
      if (worker !== undefined) await kept.releaseOthers(worker, [ticket, ...ask.together]);
      const nowMs = clock.nowMs();
      const holdsMore = ask.together.some((other) => other !== ticket && kept.tickets.includes(other));
      const maxWaitMs = holdsMore ? Math.min(ask.maxWaitMs, maxWaitHoldingMs) : ask.maxWaitMs;
      if (nowMs - wait.sinceMs >= maxWaitMs) {
        await release(ticket, resource);
        throw waitedTooLong(ask, {
          ...{ waitedMs: maxWaitMs, uses: answer.uses },
          holdsMore: maxWaitMs < ask.maxWaitMs,
        });
      }
      const waiting = waits.report(ask, answer);
      if (nowMs - askedAtMs >= stepMs) return { waiting };
      await clock.sleep(pollMs, signal);
    }
  }

  async function claim(ask: UseAsk): Promise<UseStep> {
    if (closed) throw useEnded(ask);
    const known = kept.get(ask.ticket);
    if (known) return { slot: known.slot };
    const work = hasSlot(ask) ? keepOn(ask) : waitFor(ask);
    running.add(work);
    return work.finally(() => running.delete(work));
  }

  return {
    claim,
    async isHeld(ask) {
      try {
        await claim(ask);
      } catch (error) {
        if (error instanceof AuthSessionsError && error.code === 'ERR_LEASE_LOST') return false;
        throw error;
      }
      return kept.get(ask.ticket)?.interrupted === false && uses.extend(ask.resource, ask.ticket, useTtlMs);
    },
    release,
    async close() {
      closed = true;
      const tickets = [...kept.tickets, ...waits.tickets];
      const ends = Promise.allSettled(tickets.map(async (ticket) => release(ticket)));
      const late = new AbortController();
      const limit = clock.sleep(closeMs, late.signal).catch(() => undefined);
      await Promise.race([Promise.all([ends, Promise.allSettled(running)]), limit]);
      late.abort();
    },
  };
}

function hasSlot(ask: UseAsk): ask is HeldAsk {
  return ask.slot !== undefined;
}

function claimOf({ slots, ticket, holder, worker }: UseAsk): UseClaim {
  return { slots, ticket, holder, keeper: worker, ttlMs: useTtlMs, waitTtlMs };
}

type Granted = Pick<KeptUse, 'slot' | 'from' | 'interrupted'>;

/** Longer than the pause between two requests of a worker that waits. */
const waitTtlMs = 15_000;
/** With something else in hand, which the other holder may be waiting for. */
const maxWaitHoldingMs = 120_000;
const pollMs = 150;
const stepMs = 5000;
const closeMs = 3000;
