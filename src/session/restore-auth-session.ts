import { isTooOld } from '../core/entry-freshness.js';
import type { AuthSessionsError } from '../core/errors.js';
import { firstLine } from '../core/first-line.js';
import { isUnreachable } from '../core/is-unreachable.js';
import { isInDoubt, withState, type SessionRecord } from '../core/sealed-session.js';
import { isSignedOutByCookies, type StorageState } from '../core/storage-state.js';
import { repeatCheck } from '../flow/repeat-check.js';
import type { AcquireRequest } from './acquire-ports.js';
import { takeDoubt } from './doubts.js';
import { markInUse } from './exclusive-state.js';
import { putAuthSession } from './put-auth-session.js';
import type { Acquisition, Attempt } from './slot.js';

/** Checks whether a record is still signed in. Returns it as the check left it, already written back. */
export async function restoreAuthSession(
  request: AcquireRequest,
  record: SessionRecord,
  { slot, attempt, ports }: Acquisition,
): Promise<{ signedIn: boolean; record: SessionRecord }> {
  const { session, key } = request;
  const nowMs = ports.clock.nowMs();
  const doubted = takeDoubt(slot.doubts, record.id, nowMs);
  const suspected = slot.suspects.delete(record.id) || doubted || isInDoubt(record);
  if (isTooOld(record, session, nowMs) || isSignedOutByCookies(record.state, nowMs))
    return { signedIn: false, record };
  if (!session.flow?.check) {
    // Only the test's observation counts here.
    if (suspected) slot.dead.add(record.id);
    return { signedIn: !suspected, record };
  }
  // A check that never ends may have used the state up.
  if (session.exclusive) await markInUse(key, record, { attempt, ports });
  const checked = await slot.phases.during('check', () => askFlow(request, record.state, { attempt, ports }));
  const state = session.writeBack === false ? record.state : checked.state;
  const answeredAtMs = ports.clock.nowMs();
  if (!checked.signedIn) {
    if (!unanswered(attempt))
      await rememberSignedOut(key, { ...record, signedOutAtMs: answeredAtMs }, { attempt, ports });
    return { signedIn: false, record: { ...record, state } };
  }
  const after = {
    ...withState(record, state),
    ...{ checkedAtMs: answeredAtMs, signedOutAtMs: undefined },
    ...{ doubtedAtMs: undefined, handedOutAtMs: undefined },
  };
  if (session.writeBack !== false || isInDoubt(record))
    await putAuthSession(key, after, { slot, attempt, ports });
  return { signedIn: true, record: after };
}

/** Why all checks gave no answer, if the application did not answer: nothing is known about the session then. */
export function unanswered({ refusals = 0, unreachable }: Attempt): AuthSessionsError | undefined {
  return refusals === 0 ? unreachable : undefined;
}

/** For commands that list the store without checking. The state stays: a later check may pass. */
async function rememberSignedOut(
  key: string,
  record: SessionRecord,
  { attempt: { under }, ports: { store, seal } }: Pick<Acquisition, 'attempt' | 'ports'>,
): Promise<void> {
  try {
    await store.put(key, await seal(record, key), under);
  } catch {
    // The next use checks it anyway.
  }
}

/** A failed check counts only after `checkAttempts`: one slow response must not cause a sign-in. */
async function askFlow(
  { session, place }: AcquireRequest,
  from: StorageState,
  { attempt, ports: { flows, clock, signal } }: Pick<Acquisition, 'attempt' | 'ports'>,
): Promise<{ signedIn: boolean; state: StorageState }> {
  let state = from;
  const passed = await repeatCheck({ attempts: session.checkAttempts, clock, signal }, async () => {
    attempt.checks += 1;
    try {
      const result = await flows.check({ session, place, from: state, signal });
      if (result.signedIn) return result;
      state = result.state;
      attempt.refusals = (attempt.refusals ?? 0) + 1;
      attempt.seen = result.seen;
    } catch (error) {
      signal.throwIfAborted();
      attempt.seen = undefined;
      attempt.unreachable = isUnreachable(error) ? error : undefined;
      const said = isUnreachable(error) ? error.explanation.known : error;
      attempt.notes.push(`a check threw: ${error instanceof Error ? firstLine(said) : 'something'}`);
    }
    return undefined;
  });
  return passed ?? { signedIn: false, state };
}
