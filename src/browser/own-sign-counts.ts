import { AuthSessionsError } from '../core/errors.js';
import { signCountOf, signCountsPerContext, signCountsPerUse } from '../core/sign-count.js';
import type { Passkey, PlaywrightStorageState } from '../core/storage-state.js';

/**
 * A state for the `storageState` option of several contexts. The broker has reserved signature counters for it: each
 * context that reads its passkeys gets the next part of them. `own` replaces properties, as they are.
 *
 * Reading `credentials` throws `ERR_PASSKEY_COUNTER_SPENT` when no part is left: two contexts with the same counters
 * would fail later, for no visible reason.
 */
export function withOwnSignCounts(
  state: PlaywrightStorageState,
  own: Partial<PlaywrightStorageState> = {},
): PlaywrightStorageState {
  const { credentials: passkeys = [] } = state;
  const result = Object.defineProperties({ ...state }, Object.getOwnPropertyDescriptors(own));
  if (passkeys.length === 0) return result;
  let used = 0;
  return Object.defineProperty(result, 'credentials', {
    enumerable: true,
    configurable: true,
    get(): readonly Passkey[] {
      const offset = used;
      if (offset + signCountsPerContext > signCountsPerUse) throw tooManyContexts();
      used += signCountsPerContext;
      return passkeys.map((one) => ({ ...one, signCount: signCountOf(one) + offset }));
    },
  });
}

function tooManyContexts(): AuthSessionsError {
  return new AuthSessionsError('ERR_PASSKEY_COUNTER_SPENT', {
    failed: 'One storage state with a passkey cannot open more contexts.',
    known: `A site can reject a signature counter that it has seen, and this test has used all ${signCountsPerUse} reserved ones.`,
    next: 'Open each context with authSessions.newContext, which reserves new ones.',
  });
}
