import { randomUUID } from 'node:crypto';
import type { AuthSessionsError } from '../core/errors.js';
import type { Clock, FlowRunner, SessionStore } from '../core/ports.js';
import type { Redactor } from '../redaction/redactor.js';
import type { SessionEvent } from '../core/session-event.js';
import { createMemoryStore } from '../store/memory.js';
import type { AcquirePorts } from './acquire-ports.js';
import { createAuthSessionPool, type AuthSessionPool } from './auth-session-pool.js';
import { runtimePrefix } from './prepare-acquire.js';

/** Where sessions are shared by all who ask. */
export interface SessionPools {
  /** Of sessions whose states are stored. */
  readonly kept: AuthSessionPool;
  /** The one that an entry of this key belongs to. */
  of(key: string): AuthSessionPool;
  forgetFailures(): void;
}

export interface SessionPoolsOptions extends Pick<AcquirePorts, 'seal' | 'open' | 'signal' | 'accounts'> {
  readonly store: SessionStore;
  readonly flows: FlowRunner;
  readonly clock: Clock;
  readonly redactor: Redactor;
  readonly knownFailures: ReadonlyMap<string, AuthSessionsError> | undefined;
  readonly onFailure: ((key: string, error: AuthSessionsError) => void) | undefined;
  readonly onEvent: (event: SessionEvent) => void;
}

/** Runtime sessions stay in memory: neither their parameters nor their states are kept anywhere. */
export function createSessionPools(options: SessionPoolsOptions): SessionPools {
  const { store, redactor, knownFailures, onFailure, onEvent, ...others } = options;
  const shared = {
    ...others,
    newId: randomUUID,
    failures: knownFailures ?? new Map<string, AuthSessionsError>(),
    onFailure: onFailure ?? (() => undefined),
    // A note may quote what a flow threw.
    report: (event: SessionEvent) =>
      onEvent({ ...event, notes: event.notes.map((note) => redactor.redact(note)) }),
  };
  const kept = createAuthSessionPool({ ...shared, store });
  const ofRun = createAuthSessionPool({ ...shared, store: createMemoryStore(others) });
  return {
    kept,
    of: (key) => (key.startsWith(runtimePrefix) ? ofRun : kept),
    forgetFailures() {
      kept.forgetFailures();
      ofRun.forgetFailures();
    },
  };
}
