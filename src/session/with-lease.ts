import { AuthSessionsError } from '../core/errors.js';
import type { Clock, HeldLease, Lease, SessionStore } from '../core/ports.js';
import { createHold, leaseMoment, type Hold, type LeaseMoment } from './hold.js';

export interface LeaseOptions {
  readonly store: SessionStore;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly name: string;
  readonly leaseMs: number;
  /** Named in the message. */
  readonly session: string;
  /** How long to wait for another holder. [five minutes] */
  readonly patienceMs?: number;
  /** Wraps the wait for another holder. */
  readonly onWait?: <Result>(wait: () => Promise<Result>) => Promise<Result>;
}

const pollMs = 150;

interface HeldFrom {
  readonly lease: Lease;
  readonly from: LeaseMoment;
}

/** What it takes to lease a session's stored state. */
export function sessionLease(
  key: string,
  session: string,
  { store, clock, signal }: Pick<LeaseOptions, 'store' | 'clock' | 'signal'>,
): LeaseOptions {
  return { store, clock, signal, name: leaseName(key), leaseMs, session };
}

/**
 * Runs `work` while holding a lease, which is extended until the work ends and then released. Writes to the store
 * require it. A holder that may have lost its lease stops: see `Hold`.
 *
 * @throws AuthSessionsError `ERR_SESSION_BUSY`, `ERR_LEASE_LOST`
 */
export async function withLease<Result>(
  options: LeaseOptions,
  work: (under: HeldLease, hold: Hold) => Promise<Result>,
): Promise<Result> {
  const { clock, leaseMs, session, signal } = options;
  const { lease, from } = await waitForLease(options);
  const done = new AbortController();
  const hold = createHold({ lease, from, clock, leaseMs, session, outer: signal, done: done.signal });
  try {
    return await work({ lease, ttlMs: leaseMs }, hold);
  } finally {
    done.abort();
    // A lease that cannot be released expires. The result of the work counts.
    await lease.release().catch(() => undefined);
  }
}

async function waitForLease(options: LeaseOptions): Promise<HeldFrom> {
  const { onWait } = options;
  const first = await tryLease(options);
  if (first) return first;
  return onWait ? onWait(() => pollForLease(options)) : pollForLease(options);
}

async function tryLease({
  store,
  clock,
  signal,
  name,
  leaseMs,
}: LeaseOptions): Promise<HeldFrom | undefined> {
  signal.throwIfAborted();
  const from = leaseMoment(clock);
  const lease = await store.tryLease(name, leaseMs);
  return lease && { lease, from };
}

async function pollForLease(options: LeaseOptions): Promise<HeldFrom> {
  const { store, clock, signal, session, patienceMs = 300_000 } = options;
  // Adds up its sleeps instead of reading the clock, which may be changed meanwhile.
  for (let waitedMs = pollMs; waitedMs <= patienceMs; waitedMs += pollMs) {
    await clock.sleep(pollMs, signal);
    const held = waitedMs < patienceMs ? await tryLease(options) : undefined;
    if (held) return held;
  }
  throw new AuthSessionsError(
    'ERR_SESSION_BUSY',
    {
      failed: `Session "${session}" was in use by another run for ${patienceMs / 1000} s.`,
      known: `That run holds its lease in the store (${store.description}).`,
      next: 'Wait for that run to end, or stop it.',
    },
    { session },
  );
}

/** Its holder works on the session, in this run or another. */
export function leaseName(key: string): string {
  return `session:${key}`;
}

/**
 * If its holder dies and that cannot be seen, the lease expires after this time. It is renewed every five seconds, so a
 * holder keeps it through half a minute without its store, and the time to reach it again.
 */
export const leaseMs = 45_000;
