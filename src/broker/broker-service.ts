import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import path from 'node:path';
import { createFlowBrowsers } from '../browser/flow-browser.js';
import { sessionDefaults } from '../core/auth-session.js';
import type { DeclaredSession } from '../core/declared-session.js';
import { AuthSessionsError } from '../core/errors.js';
import type { AskPerson, EventStore, ResourceUses, SessionPlace } from '../core/ports.js';
import type { RunSummary, SessionEvent } from '../core/session-event.js';
import type { CodeWaiting } from '../credentials/code-desk.js';
import { openCredentials } from '../credentials/open-credentials.js';
import { openEnvironment } from '../credentials/open-environment.js';
import { registerLocalCredentials } from '../credentials/register-local-credentials.js';
import { loadAuthSessions } from '../declaration/load-auth-sessions.js';
import { isProcessAlive } from '../files/process-identity.js';
import { createFlowRunner } from '../flow/flow-runner.js';
import { createRedactor, type Redactor } from '../redaction/redactor.js';
import { createHoldDesk } from '../session/hold-desk.js';
import { openSessions } from '../session/open-sessions.js';
import type { SessionDesk } from '../session/session-desk.js';
import { sessionsWithoutState } from '../session/sessions-without-state.js';
import type { HeldAsk } from '../session/use-ask.js';
import { signOutWarning } from '../session/sign-out.js';
import { createUseDesk } from '../session/use-desk.js';
import { openStore } from '../store/open-store.js';
import { chooseSharedStore } from '../store/redis/choose-shared-store.js';
import { systemClock } from '../time/system-clock.js';
import { within } from '../time/within.js';
import type { BrokerGreeting, StartMessage } from '../wire/runner-messages.js';
import { createAccountUses } from './account-uses.js';
import { createBrokerHandlers, type BrokerHandlers } from './broker-handlers.js';
import { choosePlan } from './choose-plan.js';
import { greetingOf } from './greeting.js';
import { createEventSharing } from './share-events.js';
import { summariseRun } from './summarise-run.js';
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
  /** Signs out of isolated and runtime sessions, before the summary. Takes 10 seconds at most. */
  endUnstored(): Promise<void>;
  /** Ends all work, including browsers. */
  close(): Promise<void>;
}

export interface BrokerServiceOptions extends Omit<
  StartMessage,
  'type' | 'address' | 'pass' | 'runFolder' | 'artifactFolders' | 'declared' | 'held'
> {
  readonly redactor?: Redactor;
  /** The session whose flow will be recorded: its file may be missing. */
  readonly flowToCome?: string | undefined;
  /** If `false`, a missing vault credential is an error only when the vault is used. [true] */
  readonly needsVault?: boolean;
  readonly onEvent?: (event: SessionEvent) => void;
  readonly onFailure?: (key: string, error: AuthSessionsError) => void;
  /** Wraps each wait for a fresh code. */
  readonly onCodeWait?: CodeWaiting | undefined;
  /** For flows that ask a person. [nobody is there] */
  readonly askPerson?: AskPerson | undefined;
  /** Called now and then with a line about a test that waits for an account. */
  readonly onUseWait?: ((line: string) => void) | undefined;
  /** What workers have from a broker before this one. */
  readonly held?: readonly HeldAsk[] | undefined;
  readonly onHeld?: ((ask: HeldAsk) => void) | undefined;
  readonly onNotHeld?: ((ticket: string) => void) | undefined;
  readonly knownFailures?: ReadonlyMap<string, AuthSessionsError>;
}

/**
 * Creates a broker: sessions, environment, store, credentials, flows. The broker process uses it, and so do commands in
 * their own process.
 */
export async function createBrokerService(options: BrokerServiceOptions): Promise<BrokerService> {
  const { redactor = createRedactor(), onCodeWait } = options;
  const clock = systemClock;
  const stop = new AbortController();
  const { signal } = stop;
  const startedAtMs = clock.nowMs();
  const loaded = await loadAuthSessions(options.sessionsFile, process.env, options);
  const { options: suite, sessions } = loaded;
  const environment = openEnvironment({ ...options, suite, sessions, redactor });
  const shownFolder = suite.store?.folder ?? sessionDefaults.storeFolder;
  const store = await openStore({
    folder: path.resolve(options.suiteFolder, shownFolder),
    shownFolder,
    explicitKey: options.storeKey,
    vaultCredential: environment.credential,
    clock,
    elsewhere: chooseSharedStore({
      suite,
      sessions,
      suiteFolder: options.suiteFolder,
      storeUrl: options.storeUrl,
      clock,
      onWarning: (warning) => environment.warnings.push(warning),
    }),
  });
  const warn = (text: string | undefined) => {
    if (text !== undefined && !environment.warnings.includes(text)) environment.warnings.push(text);
  };
  const lastPlace: { is: SessionPlace } = { is: { baseURL: undefined, project: undefined } };
  const credentials = openCredentials({
    suite,
    sessions,
    environment,
    folder: options.suiteFolder,
    accessFile: options.accessFile,
    redactor,
    clock,
    random: Math.random,
    store: store.store,
    fingerprint: store.fingerprint,
    alsoNeeded: (asked) => sessionsWithoutState(asked, { sessions, store: store.store, place: lastPlace.is }),
    onCodeWait,
    signal,
  });
  const browsers = createFlowBrowsers();
  const { debugging } = options;
  const planFor = (name: string | undefined) => choosePlan(name, options);
  const flows = createFlowRunner({
    browsers,
    planFor,
    redactor,
    clock,
    debugging,
    askPerson: options.askPerson,
  });
  const shared = createEventSharing(store.events, hostname());
  const opened = openSessions({
    ...options,
    suite,
    sessions,
    store,
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
    },
  });
  const uses = createUseLog(clock);
  const registerFree = async () => {
    if (environment.decision.environment !== 'local') return;
    await registerLocalCredentials(loaded, { folder: options.suiteFolder, redactor });
  };
  const useDesk = createUseDesk({
    uses: store.uses,
    clock,
    isAlive: isProcessAlive,
    signal,
    onWait: (line) => options.onUseWait?.(line),
    onKept: options.onHeld,
    onGone: options.onNotHeld,
  });
  // One that passed on is reported to the worker that asks with it.
  for (const ask of options.held ?? []) useDesk.claim(ask).catch(() => undefined);
  const accountUses = createAccountUses({ sessions, useDesk, machine: hostname() });
  const registered: { is?: Promise<void> | undefined } = {};

  return {
    greeting: greetingOf(loaded, { decision: environment.decision, store }),
    handlers: createBrokerHandlers({
      sessions,
      sessionsFile: options.sessionsFile,
      decision: environment.decision,
      credentials: credentials.desk,
      prepare: opened.prepare,
      pools: opened.pools,
      passkeys: opened.passkeys,
      uses,
      holds: createHoldDesk({ newId: randomUUID, isAlive: isProcessAlive }),
      accountUses,
      redactor,
      // A file that cannot be read is reported when a sign-in reads it.
      registerFree: () => (registered.is ??= registerFree().catch(() => undefined)),
      onWarning: warn,
      signal,
      onPlace: (place) => (lastPlace.is = place),
    }),
    vaultMissing: environment.vaultMissing,
    desk: opened.desk,
    forgetFailures() {
      opened.forgetFailures();
      credentials.forgetFailures();
      registered.is = undefined;
    },
    allowRefused: (key) => opened.allowRefused(key),
    summary: () =>
      summariseRun({
        environment: environment.decision.environment,
        store: store.store.description,
        startedAtMs,
        endedAtMs: clock.nowMs(),
        events: opened.events,
        uses: uses.entries(),
        accesses: credentials.accesses,
        codeReferences: new Set([...sessions.values()].flatMap(({ code }) => (code ? [code.text] : []))),
        vaultRequests: credentials.vault.requestCount(),
        codes: credentials.codes.count(),
        warnings: environment.warnings,
      }),
    whileUsing: async (session, work) => accountUses.whileUsing(session, work),
    readUses: async () => store.uses.read(),
    readEvents: async (forMs) => store.events?.read(forMs) ?? [],
    registerFree,
    async endUnstored() {
      const errors = await within(signOutPatienceMs, opened.pools.endUnstored());
      for (const error of errors ?? []) warn(signOutWarning(error));
      if (!errors) warn(`Not all sessions were signed out within ${signOutPatienceMs / 1000} s.`);
    },
    async close() {
      stop.abort(stopped());
      await browsers.close();
      await useDesk.close();
      await credentials.flush();
      await shared.settled();
      await store.close();
    },
  };
}

const signOutPatienceMs = 10_000;

function stopped(): AuthSessionsError {
  return new AuthSessionsError('ERR_STOPPED', {
    failed: 'The run was stopped.',
    next: 'Start the run again.',
  });
}
