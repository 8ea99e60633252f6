import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { createFlowBrowsers } from '../browser/flow-browser.js';
import type { DeclaredSession } from '../core/declared-session.js';
import { AuthSessionsError } from '../core/errors.js';
import type { EventStore, ResourceUses, SessionPlace } from '../core/ports.js';
import type { RunSummary } from '../core/session-event.js';
import { noticeOf } from '../core/session-notice.js';
import { openCredentials } from '../credentials/open-credentials.js';
import { recordCodeWaits } from '../credentials/code-waits.js';
import { openEnvironment } from '../credentials/open-environment.js';
import { loadAuthSessions } from '../declaration/load-auth-sessions.js';
import { isProcessAlive } from '../files/process-identity.js';
import { createFlowRunner } from '../flow/flow-runner.js';
import { createRedactor } from '../redaction/redactor.js';
import { createHoldDesk } from '../session/hold-desk.js';
import { openSessions } from '../session/open-sessions.js';
import type { SessionDesk } from '../session/session-desk.js';
import { sessionsWithoutState } from '../session/sessions-without-state.js';
import { systemClock } from '../time/system-clock.js';
import type { BrokerGreeting } from '../wire/runner-messages.js';
import { noteRefusedAsks } from './note-refused-asks.js';
import { createBrokerHandlers, type BrokerHandlers } from './broker-handlers.js';
import type { BrokerServiceOptions } from './broker-options.js';
import { choosePlan } from './choose-plan.js';
import { endUnstored } from './end-unstored.js';
import { createFreeCredentials } from './free-credentials.js';
import { greetingOf } from './greeting.js';
import { openSuiteStore } from './open-suite-store.js';
import { openUses } from './open-uses.js';
import { createNotices } from './send-notices.js';
import { createEventSharing } from './share-events.js';
import { summariseRun } from './summarise-run.js';
import { createStoredSessionHandlers } from './stored-session-handlers.js';
import { createUseLog } from './use-log.js';

export interface BrokerService {
  readonly greeting: BrokerGreeting;
  readonly handlers: BrokerHandlers;
  /** Why the vault is not available, if that is allowed: see `needsVault`. */
  readonly vaultMissing: AuthSessionsError | undefined;
  /** For the command line only: workers cannot use it. */
  readonly desk: SessionDesk;
  /** Allows failures to be tried again, but not rejections. */
  forgetFailures(): void;
  /** For the command line: lets the session of this entry send rejected credentials once more. */
  allowRefused(key: string): void;
  summary(): RunSummary;
  /** For the command line: holds a session with limited uses while `work` runs. */
  whileUsing<Result>(session: DeclaredSession, work: () => Promise<Result>): Promise<Result>;
  /** Who uses which session or account, and who waits, by the store. */
  readUses(): Promise<readonly ResourceUses[]>;
  /** What happened to sessions lately, by a store that other machines share. */
  readEvents: EventStore['read'];
  /** Registers unused values with the redactor, if that needs no request to the vault. */
  registerFree(): Promise<void>;
  /** Before the summary: signs out of isolated and runtime sessions, and waits for `onEvent`. Takes 12 seconds at most. */
  endUnstored(): Promise<void>;
  /** Ends all work, including browsers. */
  close(): Promise<void>;
}

/**
 * Creates a broker: sessions, environment, store, credentials, flows. The broker process uses it, and so do commands in
 * their own process.
 */
export async function createBrokerService(options: BrokerServiceOptions): Promise<BrokerService> {
  const { redactor = createRedactor(), suiteFolder } = options;
  const clock = systemClock;
  const codeWaits = recordCodeWaits(options.onCodeWait, clock);
  const { onCodeWait } = codeWaits;
  const stop = new AbortController();
  const { signal } = stop;
  const startedAtMs = clock.nowMs();
  const loaded = await loadAuthSessions(options.sessionsFile, process.env, options);
  const { options: suite, sessions } = loaded;
  const environment = openEnvironment({ ...options, suite, sessions, redactor });
  const { decision, credential, warnings } = environment;
  const warn = (text: string) => {
    if (!warnings.includes(text)) warnings.push(text);
  };
  const opened = await openSuiteStore(loaded, {
    ...options,
    vaultCredential: credential,
    clock,
    onWarning: warn,
  });
  const { store, fingerprint } = opened;
  const lastPlace: { is: SessionPlace } = { is: { baseURL: undefined, project: undefined } };
  const credentials = openCredentials({
    suite,
    sessions,
    environment,
    folder: suiteFolder,
    accessFile: options.accessFile,
    redactor,
    clock,
    random: Math.random,
    store,
    fingerprint,
    alsoNeeded: (asked) => sessionsWithoutState(asked, { sessions, store, place: lastPlace.is }),
    onCodeWait,
    signal,
  });
  const free = createFreeCredentials(loaded, {
    isLocal: decision.environment === 'local',
    folder: suiteFolder,
    redactor,
  });
  const browsers = createFlowBrowsers();
  const flows = createFlowRunner({
    browsers,
    planFor: (name) => choosePlan(name, options),
    redactor,
    clock,
    debugging: options.debugging,
    askPerson: options.askPerson,
    trace: options.trace,
  });
  const notices = createNotices({
    onEvent: suite.onEvent,
    redact: (text) => redactor.redact(text),
    onWarning: warn,
  });
  const shared = createEventSharing(opened.events, hostname());
  const acquiring = openSessions({
    ...options,
    suite,
    sessions,
    store: opened,
    credentials,
    flows,
    redactor,
    clock,
    signal,
    onCodeWait,
    onWarning: warn,
    onEvent(event) {
      options.onEvent?.(event);
      shared.share(event);
      notices.send(noticeOf(event));
    },
  });
  const { desk: useDesk, ofAccounts } = openUses({
    ...options,
    onWait: ({ session, sinceMs }) =>
      notices.send({
        ...{ type: 'waiting', session, startedAtMs: sinceMs },
        ...{ durationMs: clock.nowMs() - sinceMs, signIns: 0, waiters: 1 },
      }),
    sessions,
    uses: opened.uses,
    clock,
    signal,
  });
  const uses = createUseLog(clock);

  return {
    greeting: greetingOf(loaded, { decision, store: opened }),
    handlers: {
      ...createStoredSessionHandlers({
        sessions,
        desk: acquiring.desk,
        accountUses: ofAccounts,
        plans: options.plans,
        decision,
        vaultMissing: environment.vaultMissing !== undefined,
        folder: options.suiteFolder,
        nowMs: () => clock.nowMs(),
      }),
      ...noteRefusedAsks(
        createBrokerHandlers({
          sessions,
          sessionsFile: options.sessionsFile,
          decision,
          credentials: credentials.desk,
          prepare: acquiring.prepare,
          pools: acquiring.pools,
          passkeys: acquiring.passkeys,
          uses,
          holds: createHoldDesk({ newId: randomUUID, isAlive: isProcessAlive }),
          accountUses: ofAccounts,
          codeWaits,
          nowMs: () => clock.nowMs(),
          redactor,
          registerFree: async () => free.registerOnce(),
          onWarning: warn,
          signal,
          onPlace: (place) => (lastPlace.is = place),
        }),
        {
          events: acquiring.events,
          report: (event) => acquiring.report(event),
          redact: (text) => redactor.redact(text),
          nowMs: () => clock.nowMs(),
        },
      ),
    },
    vaultMissing: environment.vaultMissing,
    desk: acquiring.desk,
    forgetFailures() {
      acquiring.forgetFailures();
      credentials.forgetFailures();
      free.forget();
    },
    allowRefused: (key) => acquiring.allowRefused(key),
    summary: () =>
      summariseRun({
        environment: decision.environment,
        store: store.description,
        startedAtMs,
        endedAtMs: clock.nowMs(),
        events: acquiring.events,
        uses: uses.entries(),
        accesses: credentials.accesses,
        codeReferences: new Set([...sessions.values()].flatMap(({ code }) => (code ? [code.text] : []))),
        vaultRequests: credentials.vault.requestCount(),
        codes: credentials.codes.count(),
        warnings,
      }),
    whileUsing: async (session, work) => ofAccounts.whileUsing(session, work),
    readUses: async () => opened.uses.read(),
    readEvents: async (forMs) => opened.events?.read(forMs) ?? [],
    registerFree: async () => free.register(),
    async endUnstored() {
      await endUnstored(acquiring.pools, warn);
      await notices.settled();
    },
    async close() {
      stop.abort(stopped());
      await browsers.close();
      await useDesk.close();
      await credentials.flush();
      await Promise.all([shared.settled(), notices.settled()]);
      await opened.close();
    },
  };
}

function stopped(): AuthSessionsError {
  return new AuthSessionsError('ERR_STOPPED', {
    failed: 'The run was stopped.',
    next: 'Start the run again.',
  });
}
