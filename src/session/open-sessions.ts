import { randomUUID } from 'node:crypto';
import type { SuiteOptions } from '../core/suite-options.js';
import type { DeclaredSession } from '../core/declared-session.js';
import type { AuthSessionsError } from '../core/errors.js';
import type { Clock, FlowRunner } from '../core/ports.js';
import type { SessionEvent } from '../core/session-event.js';
import type { CodeWaiting } from '../credentials/code-desk.js';
import type { OpenedCredentials } from '../credentials/open-credentials.js';
import { registerState } from '../flow/register-state.js';
import type { Redactor } from '../redaction/redactor.js';
import type { OpenedStore } from '../store/open-store.js';
import { createMemorySignCounts } from '../store/memory-sign-counts.js';
import type { AcquirePorts } from './acquire-ports.js';
import { createAccountDesk } from './account-desk.js';
import { createPasskeyDesk, type PasskeyDesk } from './passkey-desk.js';
import { createPrepareAcquire, type PrepareAcquire } from './prepare-acquire.js';
import { createSessionDesk, type SessionDesk } from './session-desk.js';
import { createSessionPools, type SessionPools } from './session-pools.js';

/** Acquires and stores sessions. */
export interface OpenedSessions {
  readonly pools: SessionPools;
  readonly prepare: PrepareAcquire;
  readonly desk: SessionDesk;
  readonly passkeys: PasskeyDesk;
  /** Events so far, in order. */
  readonly events: readonly SessionEvent[];
  /** Adds an event of a request that failed before any session was acquired. */
  report(event: SessionEvent): void;
  /** Lets the session of this entry send rejected credentials once more. */
  allowRefused(key: string): void;
  /** Starts a new run in the same process: retries failures, but not rejections. */
  forgetFailures(): void;
}

export interface OpenSessionsOptions {
  readonly suite: SuiteOptions;
  readonly sessions: ReadonlyMap<string, DeclaredSession>;
  readonly store: OpenedStore;
  readonly credentials: OpenedCredentials;
  readonly flows: FlowRunner;
  readonly redactor: Redactor;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly spans?: AcquirePorts['spans'];
  /** Failures of this run from before a restart. They are not tried again. */
  readonly knownFailures?: ReadonlyMap<string, AuthSessionsError> | undefined;
  readonly onFailure?: ((key: string, error: AuthSessionsError) => void) | undefined;
  readonly onEvent?: ((event: SessionEvent) => void) | undefined;
  readonly onCodeWait: CodeWaiting | undefined;
  /** Called with what the run's end says. */
  readonly onWarning: (warning: string) => void;
}

export function openSessions(options: OpenSessionsOptions): OpenedSessions {
  const { suite, sessions, credentials, flows, redactor, clock, signal } = options;
  const { knownFailures = new Map<string, AuthSessionsError>(), onFailure = () => undefined } = options;
  const { store, refusals, seal, open, fingerprint, fingerprintKey, keySource } = options.store;
  const events: SessionEvent[] = [];
  const report = (event: SessionEvent) => {
    events.push(event);
    options.onEvent?.(event);
  };
  const accounts = createAccountDesk({
    store,
    refusals,
    clock,
    signal,
    fingerprint,
    failures: knownFailures,
    onFailure,
  });
  const passkeys = createPasskeyDesk({
    counts: { store: options.store.signCounts, run: createMemorySignCounts() },
    fingerprint,
    onWarning: options.onWarning,
  });
  const pools = createSessionPools({
    store,
    flows,
    passkeys,
    accounts,
    clock,
    redactor,
    signal,
    spans: options.spans,
    seal,
    open,
    knownFailures,
    onFailure,
    onEvent: report,
  });
  return {
    pools,
    passkeys,
    prepare: createPrepareAcquire({
      credentials: credentials.desk,
      redactor,
      store,
      clock,
      codes: suite.codes,
      fingerprintKey,
      onWait: options.onCodeWait,
    }),
    desk: createSessionDesk({
      sessions,
      store,
      flows: passkeys.flows(flows, 'store'),
      clock,
      signal,
      newId: randomUUID,
      pool: pools.kept,
      vault: credentials.vault,
      redactor,
      onState: ({ state, session }) => registerState(state, session, redactor),
      seal,
      open,
      keySource,
    }),
    events,
    report,
    allowRefused: (key) => accounts.allowRefused(key),
    forgetFailures() {
      pools.forgetFailures();
      accounts.forgetFailures();
    },
  };
}
