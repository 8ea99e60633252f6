import type { Clock, FlowJob, FlowRunner, Lease } from '../core/ports.js';
import { leaseNotRenewed, leasePassedOn } from '../store/require-lease.js';

/**
 * A lease that is being worked under. Its holder counts the lease's time by its own clocks from the moment at which it
 * asked for it, so it stops before the store can pass the lease on, even if it cannot reach the store.
 */
export interface Hold {
  /** Aborted with `ERR_LEASE_LOST` when the lease is over or has passed on, or with the outer signal. */
  readonly signal: AbortSignal;
  /**
   * Throws the signal's reason. To be called right before something is sent: the timers of a process that was suspended
   * are late.
   */
  check(): void;
}

/** A moment by two clocks: one stands still while the machine sleeps, and the other can be changed. */
export interface LeaseMoment {
  readonly wallMs: number;
  readonly monotonicMs: number;
}

export interface HoldOptions {
  readonly lease: Pick<Lease, 'extend'>;
  /** When the lease was asked for. */
  readonly from: LeaseMoment;
  readonly clock: Clock;
  readonly leaseMs: number;
  /** Named in the error. */
  readonly session: string;
  readonly outer: AbortSignal;
  /** Aborted when the work has ended. */
  readonly done: AbortSignal;
}

/** Extends a lease until `done`. */
export function createHold(options: HoldOptions): Hold {
  const { clock, leaseMs, session, outer, done } = options;
  const lost = new AbortController();
  const held = { from: options.from };
  const leftMs = () => leaseMs * usableShare - elapsedMs(held.from, leaseMoment(clock));
  const lose = (error: Error) => {
    if (!done.aborted) lost.abort(error);
  };
  const over = AbortSignal.any([done, lost.signal]);
  const signal = AbortSignal.any([outer, lost.signal]);
  // Their sleeps reject when it is over.
  extendAgainAndAgain().catch(() => undefined);
  loseInTime().catch(() => undefined);
  return {
    signal,
    check() {
      if (leftMs() <= 0) lose(leaseNotRenewed(session));
      signal.throwIfAborted();
    },
  };

  async function extendAgainAndAgain(): Promise<void> {
    for (;;) {
      await clock.sleep(leaseMs / renewals, over);
      const from = leaseMoment(clock);
      // If it fails, it is tried again while there is time.
      const isOurs = await options.lease.extend(leaseMs).catch(() => undefined);
      if (isOurs === false) lose(leasePassedOn(session));
      if (isOurs === true) held.from = from;
    }
  }

  async function loseInTime(): Promise<void> {
    for (let ms = leftMs(); ms > 0; ms = leftMs()) await clock.sleep(ms, over);
    lose(leaseNotRenewed(session));
  }
}

/** Flows that stop before their next step when the lease is over. */
export function flowsUnder(flows: FlowRunner, hold: Hold): FlowRunner {
  const under = <Job extends FlowJob>(job: Job): Job => ({
    ...job,
    signal: AbortSignal.any([job.signal, hold.signal]),
    mayGoOn() {
      job.mayGoOn?.();
      hold.check();
    },
  });
  return {
    create: async (job) => flows.create(under(job)),
    check: async (job) => flows.check(under(job)),
    destroy: async (job) => flows.destroy(under(job)),
  };
}

export function leaseMoment(clock: Pick<Clock, 'nowMs'>): LeaseMoment {
  return { wallMs: clock.nowMs(), monotonicMs: performance.now() };
}

/** By the clock that says more. */
export function elapsedMs(from: LeaseMoment, to: LeaseMoment): number {
  return Math.max(to.wallMs - from.wallMs, to.monotonicMs - from.monotonicMs);
}

const renewals = 9;
/** Share of a lease's time. The rest is for clocks of different speed, and for what is on its way. */
export const usableShare = 0.95;
