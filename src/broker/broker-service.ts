import { createHmac, randomBytes, randomUUID } from 'node:crypto';
import path from 'node:path';
import { sessionDefaults, type LeakOptions, type ProjectOptions } from '../core/auth-session.js';
import type { DeclaredSession } from '../core/declared-session.js';
import { AuthSessionsError } from '../core/errors.js';
import { entryKey } from '../core/entry-key.js';
import type { SessionPlace, SessionStore, SignInCredentials } from '../core/ports.js';
import { publicUrl } from '../core/public-url.js';
import { createRedactor, type Redactor } from '../core/redactor.js';
import { openSession, sealSession, type SealingKey, type SessionRecord } from '../core/sealed-session.js';
import type { SecretReference } from '../core/secret-reference.js';
import { SecretValue } from '../core/secret-value.js';
import type { RunSummary, SessionEvent } from '../core/session-event.js';
import type { VaultAccess } from '../core/vault-access.js';
import { formatSuggestion } from '../core/suggest-name.js';
import { createEncryptedFileStore } from '../store/encrypted-file.js';
import { createMemoryStore } from '../store/memory.js';
import { userStateFolder } from '../store/key-file.js';
import { loadStoreKey } from '../store/store-key.js';
import { appendTo, createAccessLog } from './access-log.js';
import type { AcquiredRecord, AcquireRequest } from './acquire-ports.js';
import { createAuthSessionPool, type AuthSessionPool } from './auth-session-pool.js';
import { chooseVaultAuth } from './choose-vault-auth.js';
import { knowState } from './flow-evidence.js';
import { createFlowBrowsers } from './flow-browser.js';
import { createCodeDesk } from './hand-out-code.js';
import { createMissingVault, decide } from './missing-vault.js';
import { withLeastPrivilege } from './least-privilege.js';
import { loadAuthSessions } from './load-auth-sessions.js';
import type { AcquiredSession, BrokerGreeting, BrokerRequests, StartMessage } from './messages.js';
import { openVault } from './open-vault.js';
import { createFlowRunner } from './run-auth-flow.js';
import { createRuntimeCredentials } from './runtime-credentials.js';
import { createSessionDesk, type SessionDesk } from './session-desk.js';
import { createCredentialsDesk } from './sign-in-credentials.js';
import { summariseRun } from './summarise-run.js';
import { systemClock } from './system-clock.js';
import { createUseLog } from './use-log.js';

/** What a broker answers, by request. */
export type BrokerHandlers = {
  readonly [Path in keyof BrokerRequests]: (
    request: BrokerRequests[Path]['request'],
  ) => Promise<BrokerRequests[Path]['answer']>;
};

export interface BrokerService {
  readonly greeting: BrokerGreeting;
  readonly handlers: BrokerHandlers;
  /** Why nothing can be asked of the vault, where that is allowed: see `needsVault`. */
  readonly vaultMissing: AuthSessionsError | undefined;
  /** For the command line: what no worker can ask for. */
  readonly desk: SessionDesk;
  /** What failed may be tried again. */
  forgetFailures(): void;
  summary(): RunSummary;
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
  const { auth, facts } = chooseVaultAuth(project, options);
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
  const codes = createCodeDesk({
    vault,
    store,
    clock,
    minRemainingSeconds: project.codes?.minRemainingSeconds ?? sessionDefaults.minRemainingSeconds,
    fingerprint: (text) => createHmac('sha256', key.bytes).update(text).digest('hex'),
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
    planFor: (name) => options.plans[name ?? ''] ?? Object.values(options.plans)[0] ?? defaultPlan,
    redactor,
    clock,
    debugging: options.debugging,
  });
  const events: SessionEvent[] = [];
  const uses = createUseLog(clock);
  const startedAtMs = clock.nowMs();
  const pools = createPools(store);
  let lastPlace: SessionPlace = { baseURL: undefined, project: undefined };

  function createPools(files: SessionStore): { kept: AuthSessionPool; ofRun: AuthSessionPool } {
    const shared = {
      flows,
      clock,
      newId: randomUUID,
      signal: stop.signal,
      failures: options.knownFailures ?? new Map<string, AuthSessionsError>(),
      onFailure: options.onFailure ?? (() => undefined),
      report: (told: SessionEvent) => {
        // A note may quote what a flow threw.
        const event = { ...told, notes: told.notes.map((note) => redactor.redact(note)) };
        events.push(event);
        options.onEvent?.(event);
      },
      ...sealingWith(key),
    };
    return {
      kept: createAuthSessionPool({ ...shared, store: files }),
      ofRun: createAuthSessionPool({ ...shared, store: createMemoryStore({ clock }) }),
    };
  }

  /** Runtime sessions stay in memory: neither their parameters nor their states are kept anywhere. */
  const poolOf = (entry: string) => (entry.startsWith(runtimePrefix) ? pools.ofRun : pools.kept);
  const runtimeKey = randomBytes(32);

  function prepare(
    session: DeclaredSession,
    place: SessionPlace,
    parameters: Record<string, string>,
  ): AcquireRequest {
    if (session.type !== 'runtime')
      return {
        key: entryKey(session, session.baseURL ?? place.baseURL),
        session,
        place,
        credentials: (why) => credentials.of(session, why),
      };
    const digest = createHmac('sha256', runtimeKey).update(JSON.stringify(Object.entries(parameters).sort()));
    const runtime = createRuntimeCredentials({
      parameters,
      session,
      redactor,
      store,
      clock,
      fingerprintKey: key.bytes,
      codes: project.codes,
    });
    return {
      key: `${runtimePrefix}${entryKey(session, session.baseURL ?? place.baseURL)}-${digest.digest('hex').slice(0, 32)}`,
      session,
      place,
      credentials: (): Promise<SignInCredentials> => Promise.resolve(runtime),
    };
  }

  const handlers: BrokerHandlers = {
    async '/base-url'({ session: name }) {
      return Promise.resolve({ baseURL: find(sessions, name).baseURL });
    },
    async '/acquire'({ session: name, place, parameters, asker }) {
      const session = find(sessions, name);
      checkParameters(session, parameters);
      if (decision.environment === 'skip' && session.type === 'credentials') return { skip: decision.why };
      lastPlace = place;
      const request = prepare(session, place, { ...parameters });
      const ask = { session: name, baseURL: publicUrl(session.baseURL ?? place.baseURL), asker };
      const acquired = await uses.record(ask, () => poolOf(request.key).acquire(request));
      knowState(acquired.record.state, name, redactor);
      return describe(session, place, request.key, acquired, options.sessionsFile);
    },
    async '/credentials'({ session: name }) {
      const session = findWithCredentials(sessions, name);
      if (decision.environment === 'skip') return { skip: decision.why };
      const { values } = await credentials.of(session, 'test');
      return { values, hasCode: session.code !== undefined };
    },
    async '/code'({ session: name }) {
      const session = findWithCredentials(sessions, name);
      const { nextCode } = await credentials.of(session, 'test');
      return { code: await nextCode(stop.signal) };
    },
    async '/invalidate'({ key: entry, id }) {
      await poolOf(entry).invalidate(entry, id);
      return {};
    },
    async '/suspect'({ key: entry, id }) {
      poolOf(entry).suspect(entry, id);
      return Promise.resolve({});
    },
    async '/write-back'({ key: entry, id, state }) {
      await poolOf(entry).writeBack(entry, id, state);
      return {};
    },
  };

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
      ...sealingWith(key),
    }),
    forgetFailures() {
      pools.kept.forgetFailures();
      pools.ofRun.forgetFailures();
      credentials.forget();
      vault.newRun?.();
    },
    summary: () =>
      summariseRun({
        environment: decision.environment,
        store: store.description,
        startedAtMs,
        endedAtMs: clock.nowMs(),
        events,
        // A title may hold a value; by now every value is known.
        uses: uses.entries().map((use) => ({ ...use, test: redactor.redact(use.test) })),
        accesses,
        codeReferences: new Set([...sessions.values()].flatMap(({ code }) => (code ? [code.text] : []))),
        vaultRequests: vault.requestCount(),
        codes: codes.count(),
        warnings,
      }),
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
    quarantineFolder: path.join(store?.folder ?? sessionDefaults.storeFolder, 'quarantine'),
  };
}

const runtimePrefix = 'runtime-';
const defaultPlan = {
  browserName: 'chromium',
  launchOptions: {},
  connectOptions: undefined,
  contextOptions: {},
} as const;

function sealingWith(key: SealingKey) {
  return {
    seal: (record: SessionRecord, entry: string) => sealSession(record, { entryKey: entry, key }),
    open: (sealed: string, entry: string) => openSession(sealed, { entryKey: entry, key }),
  };
}

function find(sessions: ReadonlyMap<string, DeclaredSession>, name: string): DeclaredSession {
  const session = sessions.get(name);
  if (session) return session;
  throw new AuthSessionsError(
    'ERR_SESSION_UNKNOWN',
    {
      failed: `There is no session "${name}".`,
      known: 'Only sessions that the sessions file declares can be asked for.',
      next: formatSuggestion(name, [...sessions.keys()]),
    },
    { session: name },
  );
}

function findWithCredentials(sessions: ReadonlyMap<string, DeclaredSession>, name: string): DeclaredSession {
  const session = find(sessions, name);
  if (session.type === 'credentials') return session;
  throw new AuthSessionsError(
    'ERR_SESSION_TYPE',
    {
      failed: `Session "${name}" has no credentials to give.`,
      known: `It is of type ${session.type}.`,
      next: 'Ask for a session of type credentials.',
    },
    { session: name },
  );
}

function checkParameters(
  session: DeclaredSession,
  parameters: Readonly<Record<string, string>> | undefined,
): void {
  if ((session.type === 'runtime') === (parameters !== undefined)) return;
  const { name, type } = session;
  throw new AuthSessionsError(
    'ERR_SESSION_TYPE',
    {
      failed:
        type === 'runtime'
          ? `Session "${name}" takes its parameters at run time, and none were given.`
          : `Session "${name}" takes no parameters at run time.`,
      known: `It is of type ${type}.`,
      next:
        type === 'runtime'
          ? `Write: authSession: { name: "${name}", parameters: { … } }.`
          : 'Leave the parameters out, or declare it with type: "runtime".',
    },
    { session: name },
  );
}

function describe(
  session: DeclaredSession,
  place: SessionPlace,
  key: string,
  { record: { id, state }, outcome }: AcquiredRecord,
  sessionsFile: string,
): AcquiredSession {
  return {
    key,
    id,
    session: session.name,
    outcome,
    state,
    baseURL: session.baseURL ?? place.baseURL,
    proxy: session.proxy,
    contextOptions: session.contextOptions,
    writeBack: session.writeBack,
    signedOutIn: session.flow?.signedOut ? sessionsFile : undefined,
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
