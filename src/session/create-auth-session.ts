import type { AuthSessionsErrorCode } from '../core/error-codes.js';
import { entryParts } from '../core/entry-key.js';
import { AuthSessionsError, finalAnswerOf } from '../core/errors.js';
import { firstLine } from '../core/first-line.js';
import type { SignInCredentials, Waiting } from '../core/ports.js';
import type { SessionRecord } from '../core/sealed-session.js';
import type { StorageState } from '../core/storage-state.js';
import { explainSignInFailure } from '../flow/explain-sign-in-failure.js';
import type { AcquireRequest } from './acquire-ports.js';
import { flowsUnder } from './hold.js';
import { putAuthSession } from './put-auth-session.js';
import type { Acquisition, Attempt } from './slot.js';

/**
 * Signs in, starting from the old state for a renewal. A second attempt starts without it. Rejected values that were
 * read earlier are read again once: the password may have been changed.
 */
export async function createAuthSession(
  request: AcquireRequest,
  { from: startFrom, why }: { readonly from: StorageState | undefined; readonly why: 'create' | 'renew' },
  { slot, attempt, ports }: Acquisition,
): Promise<SessionRecord> {
  const { key, session, place } = request;
  let changed: SignInCredentials | undefined;
  let mayReread = true;
  const onWait: Waiting = (wait) => slot.phases.during('code', wait);
  for (let number = 1; ; number += 1) {
    const { reread, ...credentials } = changed ?? (await request.credentials(why));
    const { values, sources } = credentials;
    const use = { key, session, place, values, sources, note: noteTo(attempt) };
    const binding = { isAsked: false };
    try {
      const state = await ports.accounts.signIn(use, (hold) => {
        attempt.signIns += 1;
        const from = number === 1 ? startFrom : undefined;
        const flows = hold ? flowsUnder(ports.flows, hold) : ports.flows;
        const heard = { note: noteTo(attempt), onBindingAsked: () => void (binding.isAsked = true) };
        const nextCode = (signal: AbortSignal) => credentials.nextCode(signal, onWait);
        return flows.create({
          ...{ session, place, why, from, signal: ports.signal },
          ...{ ...heard, ...credentials, nextCode },
        });
      });
      const left = { state, ...(binding.isAsked && { isBindingAsked: true }) };
      return await keep(request, left, { slot, attempt, ports });
    } catch (error) {
      ports.signal.throwIfAborted();
      const answer = finalAnswerOf(error);
      changed = answer === 'ERR_CREDENTIALS_REJECTED' && mayReread ? await reread?.() : undefined;
      mayReread &&= answer === undefined;
      const last = answer ? !changed : number >= session.createAttempts || !isWorthAnotherTry(error);
      if (last) throw explainSignInFailure(error, session.name);
      attempt.notes.push(
        changed
          ? `sign-in ${number} was rejected, and its values had changed in the vault`
          : `sign-in ${number} failed: ${firstLine(error)}`,
      );
    }
  }
}

function noteTo({ notes }: Attempt): (text: string) => void {
  return (text) => void notes.push(text);
}

async function keep(
  { session, key, place }: AcquireRequest,
  left: Pick<SessionRecord, 'state' | 'isBindingAsked'>,
  { slot, attempt, ports }: Acquisition,
): Promise<SessionRecord> {
  const nowMs = ports.clock.nowMs();
  const record = {
    id: ports.newId(),
    session: session.name,
    createdAtMs: nowMs,
    checkedAtMs: nowMs,
    madeWith: entryParts(session, session.baseURL ?? place.baseURL),
    ...left,
  };
  const put = await putAuthSession(key, record, { slot, attempt, ports });
  if (put === 'not stored') slot.unstored = record.id;
  return record;
}

/** Errors of the vault, the store or the project would happen again. */
function isWorthAnotherTry(error: unknown): boolean {
  return !(error instanceof AuthSessionsError) || repeatable.has(error.code);
}

const repeatable: ReadonlySet<AuthSessionsErrorCode> = new Set([
  'ERR_SIGN_IN_TIMEOUT',
  'ERR_NOT_SIGNED_IN',
  'ERR_SIGN_IN_FAILED',
  'ERR_APPLICATION_UNREACHABLE',
]);
