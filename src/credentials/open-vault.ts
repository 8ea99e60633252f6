import path from 'node:path';
import { sessionDefaults } from '../core/session-defaults.js';
import type { OnePasswordOptions, SuiteOptions } from '../core/suite-options.js';
import type { DeclaredSession } from '../core/declared-session.js';
import { AuthSessionsError, joinErrors } from '../core/errors.js';
import { mailboxPrefix } from '../core/mailbox.js';
import { connectionOf, definedVaultOf, type ConnectionName } from '../core/vault-connection.js';
import type { Clock, Vault } from '../core/ports.js';
import { referenceIdentity, type SecretReference } from '../core/secret-reference.js';
import { SecretValue } from '../core/secret-value.js';
import type { Redactor } from '../redaction/redactor.js';
import { localKey } from '../vault/local/local-key.js';
import { createLocalVault } from '../vault/local/local.js';
import { createDefinedVault } from '../vault/defined/defined.js';
import { createOnePasswordVault } from '../vault/one-password/one-password.js';
import type { VaultAuth } from './choose-vault-auth.js';
import { nameConnection } from './name-connection.js';
import { packageVersion } from './package-version.js';
import { refuseItems } from './refuse-items.js';

export interface OpenVaultOptions {
  readonly suite: SuiteOptions;
  /** Which of the suite's vaults. [its own] */
  readonly name?: ConnectionName;
  /** Authentication of a deployed run; without it, local test credentials are used. */
  readonly auth: VaultAuth | undefined;
  readonly sessions: ReadonlyMap<string, DeclaredSession>;
  readonly redactor: Redactor;
  readonly clock: Clock;
  readonly random: () => number;
  readonly folder: string;
}

/**
 * A vault of this run.
 *
 * @throws AuthSessionsError `ERR_CONFIG_INVALID` for ambiguous local keys, and for items under workload identity
 */
export function openVault(options: OpenVaultOptions): Vault {
  const { suite, name, auth, sessions, redactor, clock, random, folder } = options;
  if (auth?.kind === 'workload') refuseItems([...sessions.values()].filter((one) => one.vault === name));
  const definition = definedVaultOf(suite, name);
  if (auth?.kind === 'defined') {
    if (!definition) throw new TypeError(`Vault connection ${name ?? ''} has no definition`);
    const { secrets } = auth;
    const redact = (text: string) => redactor.redact(text);
    const vault = createDefinedVault({ definition, secrets, clock, random, redact, onSecret: registerSeed });
    return nameConnection(vault, name);
  }
  if (auth) {
    const onePassword: OnePasswordOptions = connectionOf(suite, name);
    const { integrationName, integrationVersion, deadlineSeconds, maxVaultRequests } = onePassword;
    const vault = createOnePasswordVault({
      auth,
      integrationName: integrationName ?? sessionDefaults.integrationName,
      integrationVersion: integrationVersion ?? packageVersion(),
      clock,
      random,
      deadlineMs: deadlineSeconds === undefined ? undefined : deadlineSeconds * 1000,
      maxRequests: maxVaultRequests,
      needsWebsites: createNeedsWebsites([...sessions.values()]),
      onSecret: registerSeed,
    });
    return nameConnection(vault, name);
  }
  refuseAmbiguousKeys([...sessions.values()]);
  const files = (suite.local?.files ?? sessionDefaults.localFiles).map((file) => path.resolve(folder, file));
  return createLocalVault({ files, folder, clock, onSecret: registerSeed });

  function registerSeed(seed: SecretValue): void {
    redactor.add(new SecretValue(seed.reveal(), seed.label, { confined: true }));
  }
}

/** The values of a mailbox are not typed on websites. */
function createNeedsWebsites(
  sessions: readonly DeclaredSession[],
): (reference: Pick<SecretReference, 'text'>) => boolean {
  const needed = new Set<string>();
  for (const { websites, values, code } of sessions) {
    if (websites === 'ignore') continue;
    for (const [name, { text }] of values) if (!name.startsWith(mailboxPrefix)) needed.add(text);
    if (code) needed.add(code.text);
  }
  return ({ text }) => needed.has(text);
}

/** Two references with the same local key would silently share a credential. */
function refuseAmbiguousKeys(sessions: readonly DeclaredSession[]): void {
  const byKey = new Map<string, SecretReference>();
  const errors: AuthSessionsError[] = [];
  for (const session of sessions)
    for (const reference of [...session.values.values(), ...(session.code ? [session.code] : [])]) {
      const key = localKey(reference);
      const other = byKey.get(key);
      byKey.set(key, reference);
      if (
        other &&
        referenceIdentity({ ...other, kind: 'value' }) !== referenceIdentity({ ...reference, kind: 'value' })
      )
        errors.push(ambiguous(session.name, key, [reference.text, other.text]));
    }
  if (errors.length > 0) throw joinErrors(errors);
}

function ambiguous(session: string, key: string, [one, other]: readonly [string, string]): AuthSessionsError {
  return new AuthSessionsError(
    'ERR_CONFIG_INVALID',
    {
      failed: `Session "${session}": two references have the same local key.`,
      known: `"${one}" and "${other}" both become ${key} in the local credentials file.`,
      next: 'Rename one of the items or fields.',
    },
    { session, reference: one },
  );
}
