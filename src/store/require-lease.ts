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

export function leasePassedOn(): AuthSessionsError {
  return new AuthSessionsError('ERR_LEASE_LOST', {
    failed: 'The session was not stored.',
    known:
      'This process was suspended for longer than its lease on the session, and another one holds it now.',
    next: 'Do nothing: the other process stores its session.',
  });
}
