import { sessionDefaults } from '../core/session-defaults.js';
import type { SuiteOptions } from '../core/suite-options.js';
import type { DeclaredSession } from '../core/declared-session.js';
import type { Clock, SessionStore, Vault } from '../core/ports.js';
import type { SecretReference } from '../core/secret-reference.js';
import type { VaultAccess } from '../core/vault-access.js';
import type { Redactor } from '../redaction/redactor.js';
import { appendTo, createAccessLog, type AccessLog } from './access-log.js';
import { createCodeDesk, type CodeDesk, type CodeWaiting } from './code-desk.js';
import { createCredentialsDesk, type CredentialsDesk } from './credentials-desk.js';
import { withLeastPrivilege } from './least-privilege.js';
import { createMissingVault } from './missing-vault.js';
import type { OpenedEnvironment } from './open-environment.js';
import { openVault } from './open-vault.js';

/** Reads the vault, and keeps a log of it. */
export interface OpenedCredentials {
  readonly vault: Vault;
  readonly codes: CodeDesk;
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
  readonly signal: AbortSignal;
}

/** @throws AuthSessionsError `ERR_CONFIG_INVALID` for ambiguous local keys */
export function openCredentials(options: OpenCredentialsOptions): OpenedCredentials {
  const { suite, store, redactor, clock, fingerprint, alsoNeeded, signal } = options;
  const vault = openGuardedVault(options);
  const codes = createCodeDesk({
    vault,
    store,
    clock,
    minRemainingSeconds: suite.codes?.minRemainingSeconds ?? sessionDefaults.minRemainingSeconds,
    fingerprint,
    onWait: options.onCodeWait,
  });
  const { log, accesses } = openAccessLog(vault, options);
  const desk = createCredentialsDesk({
    vault,
    log,
    codes,
    redactor,
    maxAgeMs: (suite.onePassword?.maxAgeSeconds ?? Infinity) * 1000,
    nowMs: () => clock.nowMs(),
    signal,
    alsoNeeded,
  });
  return {
    vault,
    codes,
    desk,
    accesses,
    forgetFailures() {
      desk.forgetFailures();
      vault.forgetFailures?.();
    },
    flush: () => log.flush(),
  };
}

/** Every reference of a session, including the code's. */
export function referencesOf({ values, code }: DeclaredSession): SecretReference[] {
  return [...values.values(), ...(code ? [code] : [])];
}

function openGuardedVault(options: OpenCredentialsOptions): Vault {
  const { suite, sessions, environment, signal } = options;
  const vault = environment.vaultMissing
    ? createMissingVault(environment.vaultMissing)
    : openVault({ ...options, auth: environment.auth });
  return withLeastPrivilege(vault, {
    references: [...sessions.values()].flatMap(referencesOf),
    strict: suite.strictLeastPrivilege ?? false,
    warn: (warning) => environment.warnings.push(warning),
    signal,
  });
}

function openAccessLog(
  { kind }: Vault,
  { accessFile, clock }: OpenCredentialsOptions,
): { log: AccessLog; accesses: readonly VaultAccess[] } {
  const append = appendTo(accessFile);
  const accesses: VaultAccess[] = [];
  const write = (access: VaultAccess) => {
    accesses.push(access);
    return append(access);
  };
  return { log: createAccessLog({ vault: kind, nowMs: () => clock.nowMs(), write }), accesses };
}
