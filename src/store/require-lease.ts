import { AuthSessionsError } from '../core/errors.js';
import type { HeldLease } from '../core/ports.js';

/**
 * Extends a lease for the time of a write.
 *
 * @throws AuthSessionsError `ERR_LEASE_LOST` when it has passed to somebody else
 */
export async function requireLease(under: HeldLease | undefined): Promise<void> {
  if (!under || (await under.lease.extend(under.ttlMs))) return;
  throw leasePassedOn();
}

/** `session` where it is known. */
export function leasePassedOn(session?: string): AuthSessionsError {
  return new AuthSessionsError(
    'ERR_LEASE_LOST',
    {
      failed: `${leaseOf(session)} has passed on.`,
      known:
        'This process was suspended for longer than its lease, or the store lost its data. Another process may hold the lease now.',
      next: 'Run again. The other process stores its session.',
    },
    { session },
  );
}

/** The holder stops by itself, because the lease may pass on at any moment. */
export function leaseNotRenewed(session?: string): AuthSessionsError {
  return new AuthSessionsError(
    'ERR_LEASE_LOST',
    {
      failed: `${leaseOf(session)} could not be renewed in time.`,
      known:
        'This process was suspended, or could not reach the session store, for almost as long as the lease lasts.',
      next: 'Check the connection to the session store, and run again.',
    },
    { session },
  );
}

function leaseOf(session: string | undefined): string {
  return session === undefined ? 'The lease on the session' : `The lease on session "${session}"`;
}
