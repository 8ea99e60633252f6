import { createHmac, randomBytes, randomUUID } from 'node:crypto';
import path from 'node:path';
import { sessionDefaults, type LeakOptions, type ProjectOptions } from '../core/auth-session.js';
import type { DeclaredSession } from '../core/declared-session.js';
import { AuthSessionsError } from '../core/errors.js';
import { entryKey } from '../core/entry-key.js';
import type { SessionPlace, SessionStore } from '../core/ports.js';
import { createRedactor, type Redactor } from '../redaction/redactor.js';
import { openSession, sealSession, type SealingKey, type SessionRecord } from '../core/sealed-session.js';
import type { SecretReference } from '../core/secret-reference.js';
import { SecretValue } from '../core/secret-value.js';
import type { RunSummary, SessionEvent } from '../core/session-event.js';
import type { VaultAccess } from '../core/vault-access.js';
import { createEncryptedFileStore } from '../store/encrypted-file.js';
import { createFileRefusals } from '../store/file-refusals.js';
import { userStateFolder } from '../store/key-file.js';
import { isProcessAlive } from '../files/process-identity.js';
import { loadStoreKey } from '../store/store-key.js';
import { createAccountDesk } from '../session/account-desk.js';
import { appendTo, createAccessLog } from '../credentials/access-log.js';
import { createBrokerHandlers, type BrokerHandlers } from './broker-handlers.js';
import type { BrowserPlan } from '../browser/browser-plan.js';
import { chooseVaultAuth } from '../credentials/choose-vault-auth.js';
import { knowState } from '../flow/flow-evidence.js';
import { createFlowBrowsers } from '../browser/flow-browser.js';
import { createCodeDesk, type CodeWaiting } from '../credentials/hand-out-code.js';
import { createHoldDesk } from '../session/hold-desk.js';
import { createMissingVault, decide } from '../credentials/missing-vault.js';
import { knowLocalCredentials } from '../credentials/know-local-credentials.js';
import { withLeastPrivilege } from '../credentials/least-privilege.js';
import { loadAuthSessions } from '../declaration/load-auth-sessions.js';
import type { BrokerGreeting, StartMessage } from '../wire/messages.js';
import { openVault } from '../credentials/open-vault.js';
import { withoutTimeLimits } from '../browser/page-settings.js';
import { createPrepareAcquire } from '../session/prepare-acquire.js';
import { createFlowRunner } from '../flow/run-auth-flow.js';
import { createSessionDesk, type SessionDesk } from '../session/session-desk.js';
import { createSessionPools } from '../session/session-pools.js';
import { createCredentialsDesk } from '../credentials/sign-in-credentials.js';
import { summariseRun } from './summarise-run.js';
import { systemClock } from '../time/system-clock.js';
import { createUseLog } from './use-log.js';

export interface BrokerService {
  readonly greeting: BrokerGreeting;
  readonly handlers: BrokerHandlers;
  /** Why nothing can be asked of the vault, where that is allowed: see `needsVault`. */
  readonly vaultMissing: AuthSessionsError | undefined;
  /** For the command line: what no worker can ask for. */
  readonly desk: SessionDesk;
  /** What failed may be tried again; what an application refused, not. */
  forgetFailures(): void;
  /** For the command line: the session of this entry may send what was refused, once. */
  allowRefused(key: string): void;
  summary(): RunSummary;
  /** At a run's end: has the redactor know also what nobody asked for, where that costs no request. */
  knowUnasked(): Promise<void>;
  /** Ends everything that is under way, browsers included. */
  close(): Promise<void>;
}

export interface BrokerServiceOptions extends Omit<
  StartMessage,
  'type' | 'address' | 'secret' | 'runFolder' | 'artifactFolders'
> {
  readonly redactor?: Redactor;
  /** The session whose flow is about to be recorded: its file need not be there. */
  readonly flowToCome?: string | undefined;
  /** `false`: a missing vault credential is no matter until somebody asks for what the vault has. [true] */
  readonly needsVault?: boolean;
  readonly onEvent?: (event: SessionEvent) => void;
  readonly onFailure?: (key: string, error: AuthSessionsError) => void;
  /** Stands around a wait for a fresh code. */
  readonly onCodeWait?: CodeWaiting | undefined;
  readonly knownFailures?: ReadonlyMap<string, AuthSessionsError>;
}

/**
 * Puts a broker together: sessions, environment, vault, store, browsers. It is what the broker process runs, and
 * what a command line can run in its own process.
 */
export async function createBrokerService(options: BrokerServiceOptions): Promise<BrokerService> {
  const redactor = options.redactor ?? createRedactor();
  const stop = new AbortController();
  const credential =
    options.vaultCredential &&
    new SecretValue(options.vaultCredential.value, 'vault credential', { confined: true });
  if (credential) redactor.add(credential);

  const { options: project, sessions } = await loadAuthSessions(options.sessionsFile, process.env, options);
  const onToken = (token: SecretValue) => redactor.add(token);
  const { auth, facts } = chooseVaultAuth(project, { ...options, onToken });
  const { decision, vaultMissing } = decide(project, facts, options.needsVault ?? true);
  const clock = systemClock;
  const warnings = options.vaultCredential?.warning === undefined ? [] : [options.vaultCredential.warning];
  const opened = vaultMissing
    ? createMissingVault(vaultMissing)
    : openVault({
        project,
        auth: decision.environment === 'deployed' ? auth : undefined,
        sessions,
        redactor,
        clock,
        random: Math.random,
        folder: options.projectFolder,
      });
  const vault = withLeastPrivilege(opened, {
    references: [...sessions.values()].flatMap(referencesOf),
    strict: project.strictLeastPrivilege ?? false,
    warn: (warning) => warnings.push(warning),
    signal: stop.signal,
  });
  const storeFolder = project.store?.folder ?? sessionDefaults.storeFolder;
  const store = createEncryptedFileStore({
    folder: path.resolve(options.projectFolder, storeFolder),
    shownFolder: storeFolder,
    clock,
  });
  const key = await loadStoreKey({
    explicitKey:
      options.storeKey === undefined ? undefined : new SecretValue(options.storeKey, 'AUTH_SESSIONS_KEY'),
    vaultCredential: decision.environment === 'deployed' ? credential : undefined,
    stateFolder: userStateFolder(),
    randomBytes,
  });
  const sealing = sealingWith(key);
  const fingerprint = (text: string) => createHmac('sha256', key.bytes).update(text).digest('hex');
  const codes = createCodeDesk({
    vault,
    store,
    clock,
    minRemainingSeconds: project.codes?.minRemainingSeconds ?? sessionDefaults.minRemainingSeconds,
    fingerprint,
    onWait: options.onCodeWait,
  });
  const append = appendTo(options.accessFile);
  const accesses: VaultAccess[] = [];
  const log = createAccessLog({
    vault: vault.kind,
    nowMs: () => clock.nowMs(),
    write: (access) => {
      accesses.push(access);
      return append(access);
    },
  });
  const credentials = createCredentialsDesk({
    vault,
    log,
    codes,
    redactor,
    maxAgeMs: (project.onePassword?.maxAgeSeconds ?? Infinity) * 1000,
    nowMs: () => clock.nowMs(),
    signal: stop.signal,
    alsoNeeded: (asked) => sessionsWithoutState(asked, sessions, store, lastPlace),
  });
  const browsers = createFlowBrowsers();
  const flows = createFlowRunner({
    browsers,
    planFor: (name) => planFor(name, options),
    redactor,
    clock,
    debugging: options.debugging,
  });
  const events: SessionEvent[] = [];
  const uses = createUseLog(clock);
  const startedAtMs = clock.nowMs();
  const accounts = createAccountDesk({
    store,
    refusals: createFileRefusals({ folder: path.resolve(options.projectFolder, storeFolder), clock }),
    clock,
    signal: stop.signal,
    fingerprint,
    failures: options.knownFailures ?? new Map<string, AuthSessionsError>(),
    onFailure: options.onFailure ?? (() => undefined),
  });
  const pools = createSessionPools({
    store,
    flows,
    accounts,
    clock,
    redactor,
    signal: stop.signal,
    ...sealing,
    knownFailures: options.knownFailures,
    onFailure: options.onFailure,
    onEvent(event) {
      events.push(event);
      options.onEvent?.(event);
    },
  });
  let lastPlace: SessionPlace = { baseURL: undefined, project: undefined };

  const handlers = createBrokerHandlers({
    sessions,
    sessionsFile: options.sessionsFile,
    decision,
    credentials,
    prepare: createPrepareAcquire({
      credentials,
      redactor,
      store,
      clock,
      codes: project.codes,
      fingerprintKey: key.bytes,
      onWait: options.onCodeWait,
    }),
    pools,
    uses,
    holds: createHoldDesk({ newId: randomUUID, isAlive: isProcessAlive }),
    redactor,
    signal: stop.signal,
    onPlace: (place) => (lastPlace = place),
  });

  return {
    greeting: {
      decision,
      sessions: sessions.size,
      references: new Set([...sessions.values()].flatMap(referencesOf).map(({ text }) => text)).size,
      store: store.description,
      localFiles: project.local?.files ?? sessionDefaults.localFiles,
      leaks: leakOptionsOf(project),
      usesJobIdentity: project.onePassword?.auth?.workloadIdentity !== undefined,
    },
    handlers,
    vaultMissing,
    desk: createSessionDesk({
      sessions,
      store,
      flows,
      clock,
      signal: stop.signal,
      newId: randomUUID,
      pool: pools.kept,
      vault,
      redactor,
      onState: ({ state, session }) => knowState(state, session, redactor),
      ...sealing,
    }),
    forgetFailures() {
      pools.forgetFailures();
      accounts.newRun();
      credentials.forget();
      vault.newRun?.();
    },
    allowRefused: (entry) => accounts.allowRefused(entry),
    summary: () =>
      summariseRun({
        environment: decision.environment,
        store: store.description,
        startedAtMs,
        endedAtMs: clock.nowMs(),
        events,
        uses: uses.entries(),
        accesses,
        codeReferences: new Set([...sessions.values()].flatMap(({ code }) => (code ? [code.text] : []))),
        vaultRequests: vault.requestCount(),
        codes: codes.count(),
        warnings,
      }),
    async knowUnasked() {
      if (decision.environment !== 'local') return;
      await knowLocalCredentials({ options: project, sessions }, { folder: options.projectFolder, redactor });
    },
    async close() {
      stop.abort(
        new AuthSessionsError('ERR_STOPPED', {
          failed: 'The run was stopped.',
          next: 'Run again when you like.',
        }),
      );
      await browsers.close();
      await log.flush();
    },
  };
}

/** Beside the store, which git ignores and nobody uploads. */
function leakOptionsOf({ leaks, store }: ProjectOptions): LeakOptions {
  return {
    onLeak: leaks?.onLeak ?? sessionDefaults.onLeak,
    folders: leaks?.folders ?? [],
    maxSeconds: leaks?.maxSeconds ?? sessionDefaults.maxSeconds,
    quarantineFolder: path.join(store?.folder ?? sessionDefaults.storeFolder, 'quarantine'),
  };
}

function planFor(name: string | undefined, { plans, debugging }: BrokerServiceOptions): BrowserPlan {
  const plan = plans[name ?? ''] ?? Object.values(plans)[0] ?? defaultPlan;
  return debugging ? { ...plan, pageSettings: withoutTimeLimits(plan.pageSettings) } : plan;
}

const defaultPlan = {
  browserName: 'chromium',
  launchOptions: {},
  connectOptions: undefined,
  contextOptions: {},
  pageSettings: {},
} as const;

function sealingWith(key: SealingKey) {
  return {
    seal: (record: SessionRecord, entry: string) => sealSession(record, { entryKey: entry, key }),
    open: (sealed: string, entry: string) => openSession(sealed, { entryKey: entry, key }),
  };
}

/** The other sessions that nothing is stored for: their values are read in the same request. */
async function sessionsWithoutState(
  asked: DeclaredSession,
  sessions: ReadonlyMap<string, DeclaredSession>,
  store: SessionStore,
  place: SessionPlace,
): Promise<DeclaredSession[]> {
  const others = [...sessions.values()].filter((one) => one !== asked && one.type === 'credentials');
  const stored = await Promise.all(
    others.map((one) => store.get(entryKey(one, one.baseURL ?? place.baseURL))),
  );
  return others.filter((_, index) => stored[index] === undefined);
}

function referencesOf({ values, code }: DeclaredSession): SecretReference[] {
  return [...values.values(), ...(code ? [code] : [])];
}
