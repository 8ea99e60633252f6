import type { DeclaredSession } from '../core/declared-session.js';
import { endTooNear, formatEnd, handOutUntilMs, type Expiry } from '../core/entry-freshness.js';
import type { AuthSessionsErrorCode } from '../core/error-codes.js';
import { AuthSessionsError } from '../core/errors.js';
import { publicUrl } from '../core/public-url.js';
import type { SessionRecord } from '../core/sealed-session.js';
import type { SessionEvent } from '../core/session-event.js';
import { passkeysOf, withoutEnding } from '../core/storage-state.js';
import type { AcquiredRecord, AcquirePorts, AcquireRequest } from './acquire-ports.js';
import { createAuthSession } from './create-auth-session.js';
import { settleDoubt } from './doubts.js';
import { markStored } from './exclusive-state.js';
import { flowsUnder } from './hold.js';
import { knownRecords, latest } from './known-records.js';
import { noteReplacedCookies } from './note-replaced-cookies.js';
import { restoreAuthSession, unanswered } from './restore-auth-session.js';
import { learnAbout, takeJudged, type Acquisition, type Attempt, type Slot } from './slot.js';
import { whyNotRestored } from './why-not-restored.js';
import { leaseMs, leaseName, withLease, type LeaseOptions } from './with-lease.js';

/**
 * Acquires a session under its lease: looks up, opens and checks what is stored, or signs in, seals and stores. A
 * failure is remembered for the run.
 */
export async function acquireAuthSession(
  request: AcquireRequest,
  slot: Slot,
  ports: AcquirePorts,
): Promise<AcquiredRecord> {
  const startedAtMs = ports.clock.nowMs();
  const attempt: Attempt = { signIns: 0, checks: 0, notes: [] };
  learnAbout(slot, request.session);
  const tell = (outcome: SessionEvent['outcome'], error?: unknown) => {
    ports.report({
      session: request.session.name,
      baseURL: publicUrl(request.session.baseURL ?? request.place.baseURL),
      outcome,
      startedAtMs,
      durationMs: ports.clock.nowMs() - startedAtMs,
      waiters: slot.waiters,
      signIns: attempt.signIns,
      checks: attempt.checks,
      errorCode: error instanceof AuthSessionsError ? error.code : undefined,
      ...(error instanceof AuthSessionsError && { failure: error.explanation }),
      notes: attempt.notes,
    });
  };
  try {
    const { outcome, record } = await underLease(request, { slot, attempt, ports }).catch(
      (error: unknown) => {
        // During shutdown, report the abort, not its symptoms.
        ports.signal.throwIfAborted();
        throw error;
      },
    );
    settleDoubt(slot.doubts, record.id, { session: request.session, nowMs: ports.clock.nowMs() });
    attempt.notes.push(...noteReplacedCookies(slot, record, request.session));
    slot.record = record;
    slot.trustedFromMs = ports.clock.nowMs();
    slot.trustedUntilMs = trustEndMs(request.session, record, ports.clock.nowMs());
    tell(outcome);
    return { record, outcome };
  } catch (error) {
    if (error instanceof AuthSessionsError && isLasting(error)) {
      slot.failure = error;
      ports.onFailure(request.key, error);
    }
    tell('failed', error);
    throw error;
  }
}

/** A holder that lost its lease stops, and waits for it again: another one may have signed in meanwhile. */
async function underLease(
  request: AcquireRequest,
  { slot, attempt, ports }: Acquisition,
): ReturnType<typeof restoreOrSignIn> {
  const { store, clock, signal } = ports;
  const name = leaseName(request.key);
  const options: LeaseOptions = {
    ...{ store, clock, signal, name, leaseMs, session: request.session.name },
    onWait: (wait) => slot.phases.during('lease', wait),
  };
  for (let left = leasesToLose; ; left -= 1) {
    try {
      return await withLease(options, (under, hold) =>
        restoreOrSignIn(request, {
          slot,
          attempt: Object.assign(attempt, { under }),
          ports: { ...ports, flows: flowsUnder(ports.flows, hold), signal: hold.signal },
        }),
      );
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof AuthSessionsError) || error.code !== 'ERR_LEASE_LOST' || left === 0) throw error;
      attempt.notes.push('its lease was lost, so it stopped and waited for the lease again');
    }
  }
}

async function restoreOrSignIn(
  request: AcquireRequest,
  acquisition: Acquisition,
): Promise<{ outcome: SessionEvent['outcome']; record: SessionRecord }> {
  const { slot, attempt, ports } = acquisition;
  const all = await knownRecords(request, acquisition);
  const known = latest(all, slot);
  const usable = latest(
    all.filter(({ id }) => !slot.dead.has(id)),
    slot,
  );
  const checked =
    usable && (takeJudged(slot, usable) ?? (await restoreAuthSession(request, usable, acquisition)));
  // A test may have found it signed out during the check.
  const last = checked && !slot.dead.has(checked.record.id) ? checked : undefined;
  const end = last?.signedIn && mayRenew(request.session) ? endNear(request, last.record, ports) : undefined;
  if (last?.signedIn && !end) return { outcome: 'restored', record: last.record };
  const nowMs = ports.clock.nowMs();
  if (end) attempt.notes.push(describeEnd(end, nowMs));
  else if (usable && last)
    attempt.notes.push(whyNotRestored(usable, { session: request.session, nowMs }, attempt));
  refuseToSignIn(request.session, known, attempt);
  // A sign-in that never ends may have ended the session before it.
  if (request.session.exclusive) await markStored(request.key, acquisition);
  const state = last?.record.state ?? (known && passkeysOf(known.state));
  const keptFromMs = ports.clock.nowMs() + request.session.minRemainingSeconds * 1000;
  const from = state && end ? withoutEnding(state, keptFromMs) : state;
  const start = { from, why: known ? 'renew' : 'create' } as const;
  const record = await slot.phases.during('sign-in', () => createAuthSession(request, start, acquisition));
  return { outcome: known ? 'renewed' : 'created', record };
}

function refuseToSignIn(session: DeclaredSession, known: SessionRecord | undefined, attempt: Attempt): void {
  if (session.type !== 'recorder' && !(known && !session.renew)) return;
  // A new recording would not help.
  const trouble = unanswered(attempt);
  if (trouble) throw trouble;
  const [unused] = attempt.notes;
  const whyNone = unused === undefined ? 'It has not been recorded yet.' : `It was recorded, but ${unused}.`;
  if (session.type === 'recorder')
    throw new AuthSessionsError(
      'ERR_RECORDING_NEEDED',
      {
        failed: `Session "${session.name}" needs a sign-in by hand.`,
        known: known ? 'Its recorded state is no longer signed in.' : whyNone,
        next: `Run: npx playwright-auth-sessions record ${session.name}`,
      },
      { session: session.name },
    );
  throw new AuthSessionsError(
    'ERR_SESSION_EXPIRED',
    {
      failed: `Session "${session.name}" is no longer signed in.`,
      known: 'It is declared with renew: false.',
      next: 'Set renew to true, or remove the stored session so that it is created again.',
    },
    { session: session.name },
  );
}

function mayRenew({ renew, type }: DeclaredSession): boolean {
  return renew && type !== 'recorder';
}

function endNear({ session }: AcquireRequest, record: SessionRecord, { clock }: AcquirePorts) {
  return endTooNear(record, session, clock.nowMs());
}

function describeEnd({ by, atMs }: Expiry, nowMs: number): string {
  return `its ${formatEnd(by)} ends in ${Math.ceil((atMs - nowMs) / 1000)} s, so it was renewed early`;
}

/** A flow without a check is trusted until its state is too old. */
function trustEndMs(session: DeclaredSession, record: SessionRecord, nowMs: number): number {
  const tooOldMs = record.createdAtMs + session.ttlSeconds * 1000;
  const expiresMs = mayRenew(session) ? Math.min(tooOldMs, handOutUntilMs(record, session, nowMs)) : tooOldMs;
  return session.flow?.check ? Math.min(nowMs + session.trustSeconds * 1000, expiresMs) : expiresMs;
}

/**
 * Whether another attempt in this run would fail the same way. Not so for a stopped run or a busy store, and another
 * project may have a working browser.
 */
function isLasting({ code }: AuthSessionsError): boolean {
  return !passingCodes.includes(code);
}

const leasesToLose = 2;

const passingCodes: readonly AuthSessionsErrorCode[] = [
  'ERR_STOPPED',
  'ERR_SESSION_BUSY',
  'ERR_LEASE_LOST',
  'ERR_STORE_UNWRITABLE',
  'ERR_STORE_UNREACHABLE',
  'ERR_BROWSER_MISSING',
  'ERR_BROWSER_FAILED',
  'ERR_DISPLAY_MISSING',
];
