import { AuthSessionsError } from '../core/errors.js';
import { isSignedOutByCookies } from '../core/storage-state.js';
import type { AcquirePorts } from './acquire-ports.js';
import type { Slot } from './slot.js';

/**
 * Ends a session on the server with the state in memory. `false` if there is nothing to end: another sign-in has
 * replaced this one, its cookies are over, or its flow has no `destroy`.
 *
 * @throws AuthSessionsError `ERR_SIGN_OUT_FAILED`
 */
export async function signOut(
  { record, usedAs }: Slot,
  id: string,
  { flows, clock, signal }: Pick<AcquirePorts, 'flows' | 'clock' | 'signal'>,
): Promise<boolean> {
  if (record?.id !== id || !usedAs?.session.flow?.destroy) return false;
  if (isSignedOutByCookies(record.state, clock.nowMs())) return false;
  return flows.destroy({ ...usedAs, from: record.state, signal });
}

/** What failed, for a warning. A run that was stopped does not warn. */
export function signOutWarning(error: unknown): string | undefined {
  if (error instanceof AuthSessionsError && error.code === 'ERR_STOPPED') return undefined;
  return error instanceof Error ? error.message : 'A session could not be signed out.';
}
