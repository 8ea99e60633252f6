import path from 'node:path';
import { sessionDefaults, type ProjectOptions } from '../core/auth-session.js';
import type { DeclaredSession } from '../core/declared-session.js';
import type { EnvironmentDecision } from '../core/environment.js';
import { AuthSessionsError, joinErrors } from '../core/errors.js';
import type { Clock, Vault } from '../core/ports.js';
import type { Redactor } from '../core/redactor.js';
import { referenceIdentity, type SecretReference } from '../core/secret-reference.js';
import type { SecretValue } from '../core/secret-value.js';
import { createLocalVault } from '../vault/local.js';
import { localKey } from '../vault/local-key.js';
import { createOnePasswordVault } from '../vault/one-password.js';
import { packageVersion } from './package-version.js';

export interface OpenVaultOptions {
  readonly project: ProjectOptions;
  readonly decision: EnvironmentDecision;
  readonly credential: SecretValue | undefined;
  readonly sessions: ReadonlyMap<string, DeclaredSession>;
  readonly redactor: Redactor;
  readonly clock: Clock;
  readonly folder: string;
}

/** The vault that answers in this run. @throws AuthSessionsError `ERR_CONFIG_INVALID` for ambiguous local keys */
export function openVault({
  project,
  decision,
  credential,
  sessions,
  redactor,
  clock,
  folder,
}: OpenVaultOptions): Vault {
  if (decision.environment === 'deployed' && credential)
    return createOnePasswordVault({
      token: credential,
      integrationName: project.onePassword?.integrationName ?? 'playwright-auth-sessions',
      integrationVersion: project.onePassword?.integrationVersion ?? packageVersion(),
    });
  refuseAmbiguousKeys([...sessions.values()]);
  const files = (project.local?.files ?? sessionDefaults.localFiles).map((file) =>
    path.resolve(folder, file),
  );
  return createLocalVault({ files, folder, clock, onSecret: (secret) => redactor.add(secret) });
}

/** Two references with one local key would silently share a credential. */
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
        errors.push(ambiguous(session.name, key, reference.text, other.text));
    }
  if (errors.length > 0) throw joinErrors(errors);
}

function ambiguous(session: string, key: string, one: string, other: string): AuthSessionsError {
  return new AuthSessionsError(
    'ERR_CONFIG_INVALID',
    {
      failed: `Session "${session}": two references have the same local key.`,
      known: `"${one}" and "${other}" are both ${key} in the local credentials file.`,
      next: 'Rename one of the items or fields.',
    },
    { session, reference: one },
  );
}
