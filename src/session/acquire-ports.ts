import type { PhasePath } from '../core/acquire-phase.js';
import type { DeclaredSession } from '../core/declared-session.js';
import type { AuthSessionsError } from '../core/errors.js';
import type { Clock, FlowRunner, SessionPlace, SessionStore, SignInCredentials } from '../core/ports.js';
import type { OpenResult, SessionRecord } from '../core/sealed-session.js';
import type { SessionEvent, UseOutcome } from '../core/session-event.js';
import type { SpanNotes } from '../spans/span-notes.js';
import type { AccountDesk } from './account-desk.js';

/** Dependencies of acquiring a session. */
export interface AcquirePorts {
  readonly store: SessionStore;
  readonly flows: FlowRunner;
  readonly accounts: Pick<AccountDesk, 'signIn'>;
  readonly clock: Clock;
  readonly seal: (record: SessionRecord, entryKey: string) => Promise<string>;
  readonly open: (sealed: string, entryKey: string) => Promise<OpenResult>;
  readonly newId: () => string;
  readonly report: (event: SessionEvent) => void;
  /** Failures of this run from before a restart. They are not tried again. */
  readonly failures: ReadonlyMap<string, AuthSessionsError>;
  /** Called with each remembered failure. */
  readonly onFailure: (key: string, error: AuthSessionsError) => void;
  /** Aborted when the run stops. */
  readonly signal: AbortSignal;
  /** [nobody gets spans] */
  readonly spans?: Pick<SpanNotes, 'current' | 'linkTo'> | undefined;
}

export interface AcquireRequest {
  /** Key in the store. Requests with the same key share one sign-in. */
  readonly key: string;
  readonly session: DeclaredSession;
  readonly place: SessionPlace;
  /** Called only when a sign-in is needed, once per attempt. */
  readonly credentials: (why: 'create' | 'renew') => Promise<SignInCredentials>;
  /** Whether a test asks that failed before: any doubt about the state is settled first. */
  readonly isRetry?: boolean | undefined;
  /** Called with what the request waits for, when it begins to wait and with each change. */
  readonly onPhase?: ((path: PhasePath) => void) | undefined;
}

/** An acquired session, and how it was acquired. */
export interface AcquiredRecord {
  readonly record: SessionRecord;
  readonly outcome: UseOutcome;
}
