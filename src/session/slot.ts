import type { DeclaredSession } from '../core/declared-session.js';
import type { AuthSessionsError } from '../core/errors.js';
import type { HeldLease } from '../core/ports.js';
import type { SessionRecord } from '../core/sealed-session.js';
import type { AcquiredRecord, AcquirePorts, AcquireRequest } from './acquire-ports.js';
import { newDoubts, type Doubts } from './doubts.js';
import { createPhases, type Phases } from './phases.js';

/** What this run knows about one session. */
export interface Slot {
  record?: SessionRecord;
  /** The session and its place in the latest request. */
  usedAs?: Pick<AcquireRequest, 'session' | 'place'>;
  trustedFromMs: number;
  trustedUntilMs: number;
  /** Sign-ins whose states are known to be signed out. */
  readonly dead: Set<string>;
  /** Sign-ins whose states may be signed out. One is removed when a check of it begins. */
  readonly suspects: Set<string>;
  readonly doubts: Doubts;
  canCheck: boolean;
  /** The sign-in of this run that the store could not take. */
  unstored?: string | undefined;
  failure?: AuthSessionsError;
  pending?: Promise<AcquiredRecord>;
  /** The span of the request that began it. */
  pendingIn?: number | undefined;
  /** A check after a failed test. Requests wait for it. */
  confirming?: Promise<boolean | undefined>;
  /** The state that such a check found signed out, as it left it. The next sign-in starts from it. */
  judged?: { readonly signedIn: boolean; readonly record: SessionRecord; readonly atMs: number };
  waiters: number;
  /** What those wait for. */
  readonly phases: Phases;
  /** Stores the states that tests left, one after another. */
  storing: Promise<void>;
}

/** Counters of one acquisition, for its event. */
export interface Attempt {
  /** The lease that is required to store something. */
  under?: HeldLease;
  signIns: number;
  checks: number;
  readonly notes: string[];
  /** How many of the checks said no, and did not throw. */
  refusals?: number;
  /** Why the last check that threw gave no answer, if the application does not answer. */
  unreachable?: AuthSessionsError | undefined;
  /** Where the last check said no. */
  seen?: string | undefined;
}

/** An acquisition in progress. */
export interface Acquisition {
  readonly slot: Slot;
  readonly attempt: Attempt;
  readonly ports: AcquirePorts;
}

/** What doubts about a session depend on. */
export function learnAbout(slot: Slot, { flow, renew, type }: DeclaredSession): void {
  slot.canCheck = flow?.check !== undefined;
  slot.doubts.canReplace = renew && type !== 'recorder';
}

/** The result of a check after a failed test, if nobody has checked this record since. */
export function takeJudged(slot: Slot, { id, checkedAtMs }: SessionRecord): Slot['judged'] {
  const { judged } = slot;
  if (judged?.record.id !== id || checkedAtMs > judged.atMs) return undefined;
  slot.suspects.delete(id);
  return judged;
}

/** A slot for a session that this run has not used yet. */
export function newSlot(): Slot {
  return {
    trustedFromMs: 0,
    trustedUntilMs: 0,
    dead: new Set(),
    suspects: new Set(),
    doubts: newDoubts(),
    canCheck: false,
    waiters: 0,
    phases: createPhases(),
    storing: Promise.resolve(),
  };
}
