import type { DeclaredSession } from '../core/declared-session.js';
import type { AuthSessionsError } from '../core/errors.js';
import type { Clock, FlowRunner, SessionPlace, SessionStore, SignInCredentials } from '../core/ports.js';
import type { OpenResult, SessionRecord } from '../core/sealed-session.js';
import type { SessionEvent, UseOutcome } from '../core/session-event.js';
import type { AccountDesk } from './account-desk.js';

/** What acquiring a session works with. */
export interface AcquirePorts {
  readonly store: SessionStore;
  readonly flows: FlowRunner;
  readonly accounts: Pick<AccountDesk, 'signIn'>;
  readonly clock: Clock;
  readonly seal: (record: SessionRecord, entryKey: string) => Promise<string>;
  readonly open: (sealed: string, entryKey: string) => Promise<OpenResult>;
  readonly newId: () => string;
  readonly report: (event: SessionEvent) => void;
  /** Failures of this run from before a restart; they are not tried again. */
  readonly failures: ReadonlyMap<string, AuthSessionsError>;
  /** Hears of each failure that is remembered. */
  readonly onFailure: (key: string, error: AuthSessionsError) => void;
  /** Aborted when the run stops. */
  readonly signal: AbortSignal;
}

export interface AcquireRequest {
  /** Of the store; requests with the same key share one sign-in. */
  readonly key: string;
  readonly session: DeclaredSession;
  readonly place: SessionPlace;
  /** Asked only when a sign-in is needed, once per attempt. */
  readonly credentials: (why: 'create' | 'renew') => Promise<SignInCredentials>;
}

/** A session to hand out, and how it came to be usable. */
export interface AcquiredRecord {
  readonly record: SessionRecord;
  readonly outcome: UseOutcome;
}
