import type { DeclaredSession } from '../core/declared-session.js';
import type { AuthSessionsError } from '../core/errors.js';
import type {
  Clock,
  FlowRunner,
  HeldLease,
  SessionPlace,
  SessionStore,
  SignInCredentials,
} from '../core/ports.js';
import type { OpenResult, SessionRecord } from '../core/sealed-session.js';
import type { SessionEvent, UseOutcome } from '../core/session-event.js';
import type { AccountDesk } from './account-desk.js';
import { newDoubts, type Doubts } from './doubts.js';

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

/** What is known of one session in this run. */
export interface Slot {
  record?: SessionRecord;
  trustedFromMs: number;
  trustedUntilMs: number;
  /** Sign-ins whose states are known to be dead. */
  readonly dead: Set<string>;
  /** Sign-ins whose states may be dead; one is taken off when a check of it begins. */
  readonly suspects: Set<string>;
  readonly doubts: Doubts;
  canCheck: boolean;
  failure?: AuthSessionsError;
  pending?: Promise<AcquiredRecord>;
  waiters: number;
  /** What tests left is stored one after the other. */
  storing: Promise<void>;
}

/** Counted while a session is brought up, for the event that tells of it. */
export interface Attempt {
  /** What is stored meanwhile is stored under it. */
  under?: HeldLease;
  signIns: number;
  checks: number;
  readonly notes: string[];
}

/** Who holds it works on the session, in this run or another. */
export function leaseName(key: string): string {
  return `session:${key}`;
}

/** A holder that dies gives it up at once where that can be seen, else after this time. */
export const leaseMs = 30_000;

/** Of a session about which this run knows nothing yet. */
export function newSlot(): Slot {
  return {
    trustedFromMs: 0,
    trustedUntilMs: 0,
    dead: new Set(),
    suspects: new Set(),
    doubts: newDoubts(),
    canCheck: false,
    waiters: 0,
    storing: Promise.resolve(),
  };
}
