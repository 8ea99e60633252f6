import { AuthSessionsError } from '../core/errors.js';
import type { HeldLease } from '../core/ports.js';

/**
 * Claims a lease again, so that it holds while something is written under it.
 *
 * @throws AuthSessionsError `ERR_SESSION_BUSY` when it has passed to somebody else
 */
export async function requireLease(under: HeldLease | undefined): Promise<void> {
  if (!under || (await under.lease.extend(under.ttlMs))) return;
  throw leasePassedOn();
}

export function leasePassedOn(): AuthSessionsError {
  return new AuthSessionsError('ERR_SESSION_BUSY', {
    failed: 'The session was not stored.',
    known: 'This process stood still for longer than its lease on the session, and another one has it now.',
    next: 'Let the other one store its own; nothing has to be done.',
  });
}
