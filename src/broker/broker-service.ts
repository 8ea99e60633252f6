import { randomUUID } from 'node:crypto';
import type { DeclaredSession } from '../core/declared-session.js';
import { AuthSessionsError } from '../core/errors.js';
import type { EventStore } from '../core/ports.js';
import type { ResourceUses } from '../core/use-store.js';
import type { RunSummary } from '../core/session-event.js';
import { isProcessAlive } from '../files/process-identity.js';
import { createHoldDesk } from '../session/hold-desk.js';
import type { SessionDesk } from '../session/session-desk.js';
import type { BrokerGreeting } from '../wire/runner-messages.js';
import { noteRefusedAsks } from './note-refused-asks.js';
import { createBrokerHandlers } from './broker-handlers.js';
import type { BrokerHandlers } from './handlers-by-path.js';
import type { BrokerServiceOptions } from './broker-options.js';
import { endUnstored } from './end-unstored.js';
import { greetingOf } from './greeting.js';
import { openParts } from './open-parts.js';
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
  const parts = await openParts(options);
  const { clock, warn, loaded, environment, opened, credentials, acquiring, ofAccounts, notices } = parts;
  const { sessions } = loaded;
  const { decision } = environment;
  const { signal } = parts.stop;
  const uses = createUseLog(clock);

  return {
    greeting: greetingOf(loaded, {
      environment,
      store: opened,
      sources: parts.sources,
      nowMs: clock.nowMs(),
    }),
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
          codeWaits: parts.codeWaits,
          nowMs: () => clock.nowMs(),
          redactor: parts.redactor,
          registerFree: async () => parts.free.registerOnce(),
          onWarning: warn,
          signal,
          onPlace: parts.onPlace,
        }),
        {
          events: acquiring.events,
          report: (event) => acquiring.report(event),
          redact: (text) => parts.redactor.redact(text),
          nowMs: () => clock.nowMs(),
        },
      ),
    },
    vaultMissing: environment.vaultMissing,
    desk: acquiring.desk,
    forgetFailures() {
      acquiring.forgetFailures();
      credentials.forgetFailures();
      parts.free.forget();
    },
    allowRefused: (key) => acquiring.allowRefused(key),
    summary: () =>
      summariseRun({
        environment: decision.environment,
        store: opened.store.description,
        startedAtMs: parts.startedAtMs,
        endedAtMs: clock.nowMs(),
        events: acquiring.events,
        uses: uses.entries(),
        accesses: credentials.accesses,
        codeReferences: new Set([...sessions.values()].flatMap(({ code }) => (code ? [code.text] : []))),
        vaultRequests: credentials.vault.requestCount(),
        vaultBudgets: credentials.budgets(),
        codes: credentials.codes.count(),
        warnings: parts.warnings,
        earlier: options.earlier,
      }),
    whileUsing: async (session, work) => ofAccounts.whileUsing(session, work),
    readUses: async () => opened.uses.read(),
    readEvents: async (forMs) => opened.events?.read(forMs) ?? [],
    registerFree: async () => parts.free.register(),
    async endUnstored() {
      await endUnstored(acquiring.pools, warn);
      await notices.settled();
    },
    async close() {
      parts.stop.abort(stopped());
      await parts.browsers.close();
      await parts.useDesk.close();
      await credentials.flush();
      await Promise.all([parts.shared.settled(), notices.settled()]);
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
