import type { DeclaredSession } from '../../core/declared-session.js';
import type { SecretReference } from '../../core/secret-reference.js';
import { localKey } from './local-key.js';
import { readDotenv } from './read-dotenv.js';

/** A key of the local credentials file, and its uses. */
export interface LocalKey {
  readonly key: string;
  readonly reference: SecretReference;
  /** For example `admin.password`; several if sessions share it. */
  readonly usedAs: readonly string[];
  /** Whether it may be missing: the code of a login, which not every account has. */
  readonly optional: boolean;
}

/** The keys of all sessions, without duplicates. */
export function localKeysOf(sessions: readonly DeclaredSession[]): readonly LocalKey[] {
  const found = new Map<string, LocalKey>();
  for (const { name, values, code } of sessions)
    for (const [parameter, reference] of [...values, ...(code ? [['otp', code] as const] : [])]) {
      const key = localKey(reference);
      const earlier = found.get(key);
      const usedAs = [...(earlier?.usedAs ?? []), `${name}.${parameter}`];
      const optional = reference.purpose === 'totp' && (earlier?.optional ?? true);
      found.set(key, { key, reference, usedAs, optional });
    }
  return [...found.values()];
}

/** Keys missing from all files. @throws AuthSessionsError `ERR_LOCAL_FILE_INVALID` */
export async function missingLocalKeys(
  sessions: readonly DeclaredSession[],
  files: readonly string[],
): Promise<readonly LocalKey[]> {
  const there = await Promise.all(files.map(readDotenv));
  return localKeysOf(sessions).filter(
    ({ key }) => !there.some((one) => one !== undefined && Object.hasOwn(one, key)),
  );
}
