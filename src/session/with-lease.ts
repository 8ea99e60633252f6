import { AuthSessionsError } from '../core/errors.js';
import type { Clock, HeldLease, Lease, SessionStore } from '../core/ports.js';

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

/**
 * Runs `work` while holding a lease, which is extended until the work ends and then released. Writes to the store
 * require it.
 *
 * @throws AuthSessionsError `ERR_SESSION_BUSY`
 */
export async function withLease<Result>(
  options: LeaseOptions,
  work: (under: HeldLease) => Promise<Result>,
): Promise<Result> {
  const lease = await waitForLease(options);
  const done = new AbortController();
  void extendUntil(lease, options, done.signal);
  try {
    return await work({ lease, ttlMs: options.leaseMs });
  } finally {
    done.abort();
    // A lease that cannot be released expires. The result of the work counts.
    await lease.release().catch(() => undefined);
  }
}

async function waitForLease(options: LeaseOptions): Promise<Lease> {
  const { store, clock, signal, name, leaseMs, session, patienceMs = 300_000 } = options;
  // Adds up its sleeps instead of reading the clock, which may be changed meanwhile.
  for (let waitedMs = 0; waitedMs < patienceMs; waitedMs += pollMs) {
    signal.throwIfAborted();
    const lease = await store.tryLease(name, leaseMs);
    if (lease) return lease;
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

async function extendUntil(lease: Lease, { clock, leaseMs }: LeaseOptions, done: AbortSignal): Promise<void> {
  try {
    for (;;) {
      await clock.sleep(leaseMs / 3, done);
      // A failed write is tried again: two thirds of the lease's time are left.
      if (done.aborted || !(await lease.extend(leaseMs).catch(() => true))) return;
    }
  } catch {
    // The sleep is aborted when the work is done.
  }
}

/** Its holder works on the session, in this run or another. */
export function leaseName(key: string): string {
  return `session:${key}`;
}

/** If its holder dies and that cannot be seen, the lease expires after this time. */
export const leaseMs = 30_000;
