import { randomUUID } from 'node:crypto';
import type { AuthSessionsError } from '../core/errors.js';
import type { Clock, FlowRunner, SessionStore } from '../core/ports.js';
import type { SessionEvent } from '../core/session-event.js';
import type { Redactor } from '../redaction/redactor.js';
import { createMemoryStore } from '../store/memory.js';
import type { AcquirePorts } from './acquire-ports.js';
import { createAuthSessionPool, type AuthSessionPool } from './auth-session-pool.js';
import type { PasskeyDesk } from './passkey-desk.js';
import { staysInMemory } from './prepare-acquire.js';

/** The pools that share sessions between all requests. */
export interface SessionPools {
  /** The pool of sessions with stored states. */
  readonly kept: AuthSessionPool;
  /** The pool of the entry with this key. */
  of(key: string): AuthSessionPool;
  /** Signs out of the sessions whose states are not stored. Returns the errors. */
  endUnstored(): Promise<readonly unknown[]>;
  forgetFailures(): void;
}

export interface SessionPoolsOptions extends Pick<
  AcquirePorts,
  'seal' | 'open' | 'signal' | 'accounts' | 'spans'
> {
  readonly store: SessionStore;
  readonly flows: FlowRunner;
  readonly passkeys: PasskeyDesk;
  readonly clock: Clock;
  readonly redactor: Redactor;
  readonly knownFailures: ReadonlyMap<string, AuthSessionsError> | undefined;
  readonly onFailure: ((key: string, error: AuthSessionsError) => void) | undefined;
  readonly onEvent: (event: SessionEvent) => void;
}

/** Runtime sessions stay in memory: neither their parameters nor their states are stored. */
export function createSessionPools(options: SessionPoolsOptions): SessionPools {
  const { store, flows, passkeys, redactor, knownFailures, onFailure, onEvent, ...others } = options;
  const shared = {
    ...others,
    newId: randomUUID,
    failures: knownFailures ?? new Map<string, AuthSessionsError>(),
    onFailure: onFailure ?? (() => undefined),
    report: (event: SessionEvent) => onEvent(redactEvent(event, redactor)),
  };
  const kept = createAuthSessionPool({ ...shared, store, flows: passkeys.flows(flows, 'store') });
  const ofRun = createAuthSessionPool({
    ...shared,
    store: createMemoryStore(others),
    flows: passkeys.flows(flows, 'run'),
  });
  return {
    kept,
    of: (key) => (staysInMemory(key) ? ofRun : kept),
    endUnstored: async () => ofRun.endAll(),
    forgetFailures() {
      kept.forgetFailures();
      ofRun.forgetFailures();
    },
  };
}

/** A note may quote a flow's error, and a failure quotes it. */
function redactEvent(event: SessionEvent, redactor: Redactor): SessionEvent {
  const redact = (text: string) => redactor.redact(text);
  const { notes, failure } = event;
  if (!failure) return { ...event, notes: notes.map(redact) };
  const { failed, known, next } = failure;
  const redacted = { failed: redact(failed), known: known && redact(known), next: redact(next) };
  return { ...event, notes: notes.map(redact), failure: redacted };
}
