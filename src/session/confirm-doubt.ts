import type { AcquirePorts } from './acquire-ports.js';
import { isDoubted, settleDoubt } from './doubts.js';
import { flowsUnder } from './hold.js';
import { restoreAuthSession, unanswered } from './restore-auth-session.js';
import type { Attempt, Slot } from './slot.js';
import { sessionLease, withLease } from './with-lease.js';

/**
 * Checks a doubted state now, for the test that failed with it. Returns whether it is signed out; `undefined` if that
 * is not known: doubts about it do not count yet, no flow can check it, or there was no time. The next request for the
 * session then decides, as without this check.
 */
export async function confirmDoubt(
  { key, id }: { readonly key: string; readonly id: string },
  slot: Slot,
  ports: AcquirePorts,
): Promise<boolean | undefined> {
  const isJudged = slot.judged?.record.id === id;
  if (isJudged && (slot.record?.id !== id || slot.suspects.has(id))) return true;
  if (slot.confirming) return slot.confirming;
  const { record, usedAs } = slot;
  if (!record || record.id !== id || !usedAs || slot.pending) return undefined;
  const { session } = usedAs;
  // The test still holds these. Their states are given back, and checked, later.
  if (!slot.canCheck || session.exclusive || session.writeBack === 'test') return undefined;
  if (!isDoubted(slot.doubts, id, ports.clock.nowMs())) return undefined;
  slot.confirming = check({ key, id }, slot, ports)
    .catch(() => {
      // It was not settled.
      slot.doubts.inQuestion = undefined;
      slot.doubts.fromMs.set(id, ports.clock.nowMs());
      return undefined;
    })
    .finally(() => delete slot.confirming);
  return slot.confirming;
}

async function check(
  { key, id }: { readonly key: string; readonly id: string },
  slot: Slot,
  ports: AcquirePorts,
): Promise<boolean | undefined> {
  const { record, usedAs } = slot;
  if (!record || !usedAs) return undefined;
  const { clock } = ports;
  const attempt: Attempt = { signIns: 0, checks: 0, notes: [] };
  const request = {
    key,
    ...usedAs,
    credentials: () => Promise.reject(new TypeError('a check never signs in')),
  };
  const lease = { ...sessionLease(key, usedAs.session.name, ports), patienceMs: leasePatienceMs };
  const checked = await withLease(lease, async (under, hold) =>
    restoreAuthSession(request, record, {
      slot,
      attempt: Object.assign(attempt, { under }),
      ports: { ...ports, flows: flowsUnder(ports.flows, hold), signal: hold.signal },
    }),
  );
  // An application that is down says nothing about the session.
  const unreachable = checked.signedIn ? undefined : unanswered(attempt);
  if (unreachable) throw unreachable;
  const settled = checked.signedIn ? id : 'signed out';
  settleDoubt(slot.doubts, settled, { session: usedAs.session, nowMs: clock.nowMs() });
  if (checked.signedIn) {
    slot.record = checked.record;
    return false;
  }
  slot.suspects.add(id);
  slot.judged = { ...checked, atMs: clock.nowMs() };
  return true;
}

/** Another run that uses the session answers the question by itself. */
const leasePatienceMs = 300;
