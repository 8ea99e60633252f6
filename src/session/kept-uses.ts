import type { Clock } from '../core/ports.js';
import type { UseStore } from '../core/use-store.js';
import { elapsedMs, leaseMoment, usableShare, type LeaseMoment } from './hold.js';

/** Uses that this process renews until they are released or their workers die. */
export interface KeptUses {
  /** `undefined` also for one that the store may have passed on by now. */
  get(ticket: string): KeptUse | undefined;
  add(ticket: string, use: KeptUse): void;
  /** Stops renewing it. The store still has it. */
  drop(ticket: string): KeptUse | undefined;
  readonly tickets: readonly string[];
  releaseDead(): Promise<void>;
  /** Gives back what a worker has besides these tickets. */
  releaseOthers(worker: number, tickets: readonly string[]): Promise<void>;
}

export interface KeptUse {
  readonly resource: string;
  readonly slot: number;
  /** Its process ID; `undefined` for a command in this process. */
  readonly worker: number | undefined;
  /** When the store was asked for it. */
  readonly from: LeaseMoment;
  /** Whether another holder may have had it in between. It stays so for this ticket. */
  readonly interrupted: boolean;
}

export interface KeptUsesOptions {
  readonly uses: UseStore;
  readonly clock: Clock;
  readonly isAlive: (worker: number) => boolean;
  readonly signal: AbortSignal;
  /** Called when a use of a worker ends here. */
  readonly onGone?: ((ticket: string) => void) | undefined;
}

export function createKeptUses(options: KeptUsesOptions): KeptUses {
  const { uses, clock, isAlive, signal } = options;
  const all = new Map<string, Kept>();
  let renewing = false;

  const drop = (ticket: string) => {
    const use = all.get(ticket);
    if (all.delete(ticket)) options.onGone?.(ticket);
    return use;
  };
  const release = async (ticket: string) => {
    const use = drop(ticket);
    if (use) await uses.release(use.resource, ticket);
  };
  const releaseEach = async (which: (ticket: string, use: Kept) => boolean) => {
    const chosen = [...all].filter(([ticket, use]) => which(ticket, use));
    await Promise.allSettled(chosen.map(async ([ticket]) => release(ticket)));
  };
  const releaseDead = async () => releaseEach((_, { worker }) => worker !== undefined && !isAlive(worker));
  const renew = async (ticket: string, use: Kept) => {
    const from = leaseMoment(clock);
    // If it fails, it is tried again while there is time.
    const isOurs = await uses.extend(use.resource, ticket, useTtlMs).catch(() => undefined);
    if (isOurs === false) use.lost = true;
    if (isOurs === true) use.from = from;
  };
  const renewAll = async () => {
    for (let lastMs = clock.nowMs(); all.size > 0;) {
      await clock.sleep(aliveMs, signal);
      await releaseDead();
      if (Math.abs(clock.nowMs() - lastMs) < useTtlMs / renewals) continue;
      lastMs = clock.nowMs();
      await Promise.all([...all].map(async ([ticket, use]) => renew(ticket, use)));
    }
  };
  const startRenewing = () => {
    if (renewing) return;
    renewing = true;
    renewAll()
      .catch(() => undefined)
      .finally(() => {
        renewing = false;
      });
  };
  /** Also when the store did not answer: it passes the use on at the end of its time. */
  const isLost = ({ lost, from }: Kept) =>
    lost || elapsedMs(from, leaseMoment(clock)) >= useTtlMs * usableShare;

  return {
    get(ticket) {
      const use = all.get(ticket);
      return use && !isLost(use) ? use : undefined;
    },
    add(ticket, use) {
      const interrupted = use.interrupted || all.get(ticket)?.interrupted === true;
      all.set(ticket, { ...use, interrupted, lost: false });
      startRenewing();
    },
    drop,
    get tickets() {
      return [...all.keys()];
    },
    releaseDead,
    releaseOthers: async (worker, tickets) =>
      releaseEach((ticket, use) => use.worker === worker && !tickets.includes(ticket)),
  };
}

interface Kept extends KeptUse {
  from: LeaseMoment;
  lost: boolean;
}

/** As long as a lease on a session, which a late holder must not have longer. */
export const useTtlMs = 45_000;
const renewals = 9;
const aliveMs = 250;
