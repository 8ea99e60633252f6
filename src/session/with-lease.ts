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
}

const pollMs = 150;

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

async function waitForLease(options: LeaseOptions): Promise<{ lease: Lease; from: LeaseMoment }> {
  const { store, clock, signal, name, leaseMs, session, patienceMs = 300_000 } = options;
  // Adds up its sleeps instead of reading the clock, which may be changed meanwhile.
  for (let waitedMs = 0; waitedMs < patienceMs; waitedMs += pollMs) {
    signal.throwIfAborted();
    const from = leaseMoment(clock);
    const lease = await store.tryLease(name, leaseMs);
    if (lease) return { lease, from };
    await clock.sleep(pollMs, signal);
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
