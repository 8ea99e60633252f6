import { isIsolated } from '../session/prepare-acquire.js';
import type { AcquiredRecord, AcquireRequest } from '../session/acquire-ports.js';
import type { AcquiredSession } from '../wire/messages.js';

/** What a worker is answered: the state, and how to use it. */
export function acquiredAnswer(
  { record: { id, state }, outcome }: AcquiredRecord,
  { key, session, place }: AcquireRequest,
  sessionsFile: string,
): Exclude<AcquiredSession, { readonly skip: string }> {
  return {
    key,
    id,
    session: session.name,
    account: session.account,
    outcome,
    state,
    baseURL: session.baseURL ?? place.baseURL,
    proxy: session.proxy,
    contextOptions: session.contextOptions,
    // What its test leaves is what has to be signed out.
    writeBack: isIsolated(key) ? 'test' : session.writeBack,
    restore: session.restore,
    signedOutIn: session.flow?.signedOut ? sessionsFile : undefined,
  };
}
