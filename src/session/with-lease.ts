import { AuthSessionsError } from '../core/errors.js';
import type { Clock, HeldLease, Lease, SessionStore } from '../core/ports.js';

export interface LeaseOptions {
  readonly store: SessionStore;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly name: string;
  readonly leaseMs: number;
  /** For the message. */
  readonly session: string;
  /** How long somebody else's is waited for. [five minutes] */
  readonly patienceMs?: number;
}

const pollMs = 150;

/**
 * Runs `work` while holding a lease, which is extended as long as it takes and given back at the end. What is put
 * into the store meanwhile is put under it.
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
    // A lease that cannot be given back ends by itself; the work's own result counts.
    await lease.release().catch(() => undefined);
  }
}

async function waitForLease(options: LeaseOptions): Promise<Lease> {
  const { store, clock, signal, name, leaseMs, session, patienceMs = 300_000 } = options;
  // By what was slept, and not by the time of day, which may be set meanwhile.
  for (let waitedMs = 0; waitedMs < patienceMs; waitedMs += pollMs) {
    signal.throwIfAborted();
    const lease = await store.tryLease(name, leaseMs);
    if (lease) return lease;
    await clock.sleep(pollMs, signal);
  }
  throw new AuthSessionsError(
    'ERR_SESSION_BUSY',
    {
      failed: `Session "${session}" was worked on by another run for ${patienceMs / 1000} s.`,
      known: `That run holds it in the store (${store.description}).`,
      next: 'Wait for that run to end, or stop it.',
    },
    { session },
  );
}

async function extendUntil(lease: Lease, { clock, leaseMs }: LeaseOptions, done: AbortSignal): Promise<void> {
  try {
    for (;;) {
      await clock.sleep(leaseMs / 3, done);
      // One that cannot be written is tried again: two thirds of the lease's time are left.
      if (done.aborted || !(await lease.extend(leaseMs).catch(() => true))) return;
    }
  } catch {
    // The sleep ends by an abort when the work is done.
  }
}

/** Who holds it works on the session, in this run or another. */
export function leaseName(key: string): string {
  return `session:${key}`;
}

/** A holder that dies gives it up at once where that can be seen, else after this time. */
export const leaseMs = 30_000;
