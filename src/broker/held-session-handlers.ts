import type { DeclaredSession } from '../core/declared-session.js';
import { registerState } from '../flow/register-state.js';
import type { Redactor } from '../redaction/redactor.js';
import type { HoldDesk } from '../session/hold-desk.js';
import { findSessionOfKey, isIsolated } from '../session/prepare-acquire.js';
import type { SessionPools } from '../session/session-pools.js';
import { signOutWarning } from '../session/sign-out.js';
import { refused } from '../wire/parse-request.js';
import type { AccountUses } from './account-uses.js';
import type { BrokerHandlers, HeldSessionPath } from './handlers-by-path.js';
import type { UncheckedFailures } from './unchecked-failures.js';

export interface HeldSessionHandlersOptions {
  readonly sessions: ReadonlyMap<string, DeclaredSession>;
  readonly pools: SessionPools;
  readonly holds: Pick<HoldDesk, 'giveBack'>;
  readonly accountUses: Pick<AccountUses, 'isHeld'>;
  readonly unchecked: Pick<UncheckedFailures, 'failed'>;
  readonly redactor: Redactor;
  /** Called with what the run's end says. */
  readonly onWarning: (warning: string) => void;
  /** Aborted when the run stops. */
  readonly signal: AbortSignal;
}

/** What a test says of a session that it has: ended, doubtful, or with another state. */
export function createHeldSessionHandlers(
  options: HeldSessionHandlersOptions,
): Pick<BrokerHandlers, HeldSessionPath> {
  const { sessions, pools, holds, accountUses, unchecked, redactor, signal } = options;
  const warn = (error: unknown) => {
    const text = signOutWarning(error);
    if (text !== undefined) options.onWarning(text);
  };
  return {
    async '/invalidate'({ key: entry, id }) {
      const pool = pools.of(entry);
      await pool.invalidate(entry, id);
      await pool.signOut(entry, id).catch(warn);
      return {};
    },
    async '/end-session'({ key: entry }) {
      if (!isIsolated(entry)) throw refused('/end-session', 'The session is not isolated.');
      await pools.of(entry).end(entry).catch(warn);
      return {};
    },
    async '/suspect'({ key: entry, id, why, cookieChanged, hold }) {
      holds.giveBack(hold);
      const pool = pools.of(entry);
      if (cookieChanged) pool.noteChangedCookie(entry, id);
      const session = findSessionOfKey(sessions, entry);
      await pool.suspect(entry, id, { why, session });
      if (why !== 'failed' || !session) return {};
      unchecked.failed(session, id);
      const soon = AbortSignal.any([signal, AbortSignal.timeout(confirmMs)]);
      const isSignedOut = await pool.confirm(entry, id, soon);
      return isSignedOut === true ? { signedOut: { renews: mayRenew(session) } } : {};
    },
    async '/write-back'({ key: entry, id, state, hold, use }, caller) {
      const session = requireWriteBack(entry, sessions);
      const { name, exclusive } = session;
      holds.giveBack(hold);
      registerState(state, name, redactor);
      const pool = pools.of(entry);
      const isHeld = accountUses.isHeld(use?.session === name ? use : undefined, caller);
      const isKept = exclusive
        ? await pool.writeBackHeld({ key: entry, id, state, session, isHeld })
        : await pool.writeBack(entry, id, state);
      return { isKept };
    },
  };
}

/** A worker runs test code, so only the sessions file decides whether tests may change what is stored. */
function requireWriteBack(entry: string, sessions: ReadonlyMap<string, DeclaredSession>): DeclaredSession {
  const session = findSessionOfKey(sessions, entry);
  if (session && (session.writeBack === 'test' || isIsolated(entry))) return session;
  const known = session
    ? `Session "${session.name}" has writeBack: ${JSON.stringify(session.writeBack)}.`
    : 'No session of this name is declared.';
  throw refused('/write-back', known);
}

function mayRenew({ renew, type }: DeclaredSession): boolean {
  return renew && type !== 'recorder';
}

/** The end of a failed test waits for a check no longer than this. */
const confirmMs = 4000;
