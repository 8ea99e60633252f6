import { AuthSessionsError, isCredentialsRejected } from '../core/errors.js';
import type { SessionRecord } from '../core/sealed-session.js';
import type { StorageState } from '../core/storage-state.js';
import type { AcquirePorts, AcquireRequest, Attempt } from './acquire-ports.js';
import { explainSignInFailure } from './explain-sign-in-failure.js';
import { firstLine, putAuthSession } from './put-auth-session.js';

/** Signs in, from the state a renewal starts from; a second attempt starts clean. */
export async function createAuthSession(
  request: AcquireRequest,
  startFrom: StorageState | undefined,
  attempt: Attempt,
  ports: AcquirePorts,
): Promise<SessionRecord> {
  const { session, place, key } = request;
  for (let number = 1; ; number += 1) {
    const credentials = await request.credentials();
    attempt.signIns += 1;
    try {
      const from = number === 1 ? startFrom : undefined;
      const state = await ports.flows.create({ session, place, from, signal: ports.signal, ...credentials });
      const nowMs = ports.clock.nowMs();
      const record = {
        id: ports.newId(),
        session: session.name,
        createdAtMs: nowMs,
        checkedAtMs: nowMs,
        state,
      };
      await putAuthSession(key, record, attempt, ports);
      return record;
    } catch (error) {
      ports.signal.throwIfAborted();
      const last = number >= session.createAttempts;
      if (last || isCredentialsRejected(error) || !isWorthAnotherTry(error))
        throw explainSignInFailure(error, session.name);
      attempt.notes.push(`sign-in ${number} failed: ${firstLine(error)}`);
    }
  }
}

/** What the vault, the store or the project got wrong is wrong the second time, too. */
function isWorthAnotherTry(error: unknown): boolean {
  return (
    !(error instanceof AuthSessionsError) ||
    ['ERR_SIGN_IN_TIMEOUT', 'ERR_NOT_SIGNED_IN', 'ERR_SIGN_IN_FAILED'].includes(error.code)
  );
}
