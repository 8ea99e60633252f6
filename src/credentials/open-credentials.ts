import { sessionDefaults } from '../core/session-defaults.js';
import type { SuiteOptions } from '../core/suite-options.js';
import type { DeclaredSession } from '../core/declared-session.js';
import type { Clock, SessionStore, Vault } from '../core/ports.js';
import type { SecretReference } from '../core/secret-reference.js';
import type { VaultBudget } from '../core/session-event.js';
import type { VaultAccess } from '../core/vault-access.js';
import { connectionOf, type ConnectionName } from '../core/vault-connection.js';
import type { Redactor } from '../redaction/redactor.js';
import { appendTo, createAccessLog, type AccessLog, type AccessLogOptions } from './access-log.js';
import { createCodeDesk, type CodeDesk, type CodeWaiting } from './code-desk.js';
import { createCredentialsDesk, type CredentialsDesk } from './credentials-desk.js';
import { withLeastPrivilege } from './least-privilege.js';
import { createMissingVault } from './missing-vault.js';
import type { OpenedEnvironment } from './open-environment.js';
import { openVault } from './open-vault.js';

/** Reads the vaults, and keeps a log of it. */
export interface OpenedCredentials {
  /** Each reference's own vault; the requests to all of them. */
  readonly vault: Pick<Vault, 'readCode' | 'requestCount'>;
  /** What the run sent to each vault that has a limit, and what is left of it. */
  budgets(): readonly VaultBudget[];
  /** How many codes were used. */
  readonly codes: Pick<CodeDesk, 'count'>;
  readonly desk: CredentialsDesk;
  /** Requests so far. Contains no values. */
  readonly accesses: readonly VaultAccess[];
  /** Starts a new run in the same process: reads values again, and retries failures. */
  forgetFailures(): void;
  /** Waits until the access log is written. */
  flush(): Promise<void>;
}

export interface OpenCredentialsOptions {
  readonly suite: SuiteOptions;
  readonly sessions: ReadonlyMap<string, DeclaredSession>;
  readonly environment: OpenedEnvironment;
  /** Folder of the suite; local credential files are relative to it. */
  readonly folder: string;
  /** File of the access log. [none] */
  readonly accessFile: string | undefined;
  readonly redactor: Redactor;
  readonly clock: Clock;
  readonly random: () => number;
  /** Stores claims on time steps. */
  readonly store: SessionStore;
  readonly fingerprint: (text: string) => string;
  readonly alsoNeeded: (asked: DeclaredSession) => Promise<readonly DeclaredSession[]>;
  readonly onCodeWait: CodeWaiting | undefined;
  /** Wraps each connection's vault. */
  readonly watchVault: (vault: Vault, connection: ConnectionName) => Vault;
  readonly signal: AbortSignal;
}

/** @throws AuthSessionsError `ERR_CONFIG_INVALID` for ambiguous local keys */
export function openCredentials(options: OpenCredentialsOptions): OpenedCredentials {
  const accesses: VaultAccess[] = [];
  const append = appendTo(options.accessFile);
  const write = (access: VaultAccess) => {
    accesses.push(access);
    return append(access);
  };
  const parts = new Map(
    [...options.environment.auths.keys()].map((name) => [name, openConnection(name, write, options)]),
  );
  const all = [...parts.values()];
  const sum = (count: (part: OpenedConnection) => number) =>
    all.reduce((total, part) => total + count(part), 0);
  const partOf = (name: ConnectionName): OpenedConnection => {
    const part = parts.get(name);
    // Loading the sessions file has checked the names.
    if (!part) throw new TypeError(`No vault connection ${name ?? ''} is open`);
    return part;
  };
  return {
    vault: {
      readCode: (reference, signal) => partOf(reference.connection).vault.readCode(reference, signal),
      requestCount: () => sum(({ vault }) => vault.requestCount()),
    },
    budgets: () =>
      [...parts].flatMap(([connection, { vault }]) => {
        const left = vault.requestsLeft?.();
        return left === undefined ? [] : [{ connection, sent: vault.requestCount(), left }];
      }),
    codes: { count: () => sum(({ codes }) => codes.count()) },
    desk: {
      of: async (session, why) => partOf(session.vault).desk.of(session, why),
      forgetFailures: () => all.forEach(({ desk }) => desk.forgetFailures()),
    },
    accesses,
    forgetFailures() {
      for (const { desk, vault } of all) {
        desk.forgetFailures();
        vault.forgetFailures?.();
      }
    },
    async flush() {
      for (const { log } of all) await log.flush();
    },
  };
}

/** What reads one vault. */
interface OpenedConnection {
  readonly vault: Vault;
  readonly codes: CodeDesk;
  readonly log: AccessLog;
  readonly desk: CredentialsDesk;
}

function openConnection(
  name: ConnectionName,
  write: AccessLogOptions['write'],
  options: OpenCredentialsOptions,
): OpenedConnection {
  const { suite, store, redactor, clock, fingerprint, alsoNeeded, signal } = options;
  const vault = openGuardedVault(name, options);
  const codes = createCodeDesk({
    vault,
    store,
    clock,
    minRemainingSeconds: suite.codes?.minRemainingSeconds ?? sessionDefaults.minRemainingSeconds,
    fingerprint,
    onWait: options.onCodeWait,
  });
  const nowMs = () => clock.nowMs();
  const log = createAccessLog({ vault: vault.kind, connection: name, nowMs, write });
  const { maxAgeSeconds = Infinity } = connectionOf(suite, name);
  const desk = createCredentialsDesk({
    vault,
    log,
    codes,
    redactor,
    maxAgeMs: maxAgeSeconds * 1000,
    nowMs,
    signal,
    alsoNeeded: async (asked) => (await alsoNeeded(asked)).filter((one) => one.vault === name),
  });
  return { vault, codes, log, desk };
}

/** Every reference of a session, including the code's. */
export function referencesOf({ values, code }: DeclaredSession): SecretReference[] {
  return [...values.values(), ...(code ? [code] : [])];
}

function openGuardedVault(name: ConnectionName, options: OpenCredentialsOptions): Vault {
  const { suite, sessions, environment, watchVault, signal } = options;
  const vault = environment.vaultMissing
    ? createMissingVault(environment.vaultMissing)
    : watchVault(openVault({ ...options, name, auth: environment.auths.get(name) }), name);
  return withLeastPrivilege(vault, {
    references: [...sessions.values()].filter((one) => one.vault === name).flatMap(referencesOf),
    strict: suite.strictLeastPrivilege ?? false,
    connection: name,
    warn: (warning) => environment.warnings.push(warning),
    signal,
  });
}
