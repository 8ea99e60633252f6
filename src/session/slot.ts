import type { AuthSessionsError } from '../core/errors.js';
import type { HeldLease } from '../core/ports.js';
import type { SessionRecord } from '../core/sealed-session.js';
import type { AcquiredRecord, AcquirePorts } from './acquire-ports.js';
import { newDoubts, type Doubts } from './doubts.js';

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

/** A session that is being brought up. */
export interface Acquisition {
  readonly slot: Slot;
  readonly attempt: Attempt;
  readonly ports: AcquirePorts;
}

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
