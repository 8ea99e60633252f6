import path from 'node:path';
import { sessionDefaults } from '../core/auth-session.js';
import type { Redactor } from '../core/redactor.js';
import { SecretValue } from '../core/secret-value.js';
import { localKeysOf } from '../vault/local-keys.js';
import { readDotenv } from '../vault/read-dotenv.js';
import { parseTotpSeed } from '../vault/totp-seed.js';
import type { LoadedAuthSessions } from './load-auth-sessions.js';

/**
 * Has the redactor know what the local files have for the references that are declared, also where nobody asked: a
 * run whose sessions are all restored asks for nothing, and its pages may show it all the same. What else the files
 * have is no concern of this package.
 */
export async function knowLocalCredentials(
  { options, sessions }: LoadedAuthSessions,
  folder: string,
  redactor: Pick<Redactor, 'add'>,
): Promise<void> {
  const keys = localKeysOf([...sessions.values()]);
  for (const file of options.local?.files ?? sessionDefaults.localFiles) {
    const values = (await readDotenv(path.resolve(folder, file))) ?? {};
    for (const { key, reference, usedAs } of keys) {
      const value = values[key] ?? '';
      const label = usedAs[0] ?? key;
      if (reference.kind === 'value') redactor.add(new SecretValue(value, label));
      else addSeed(value, label, redactor);
    }
  }
}

/** Of a seed nobody but this process has to know. */
function addSeed(value: string, label: string, redactor: Pick<Redactor, 'add'>): void {
  redactor.add(new SecretValue(value, label, { confined: true }));
  try {
    redactor.add(new SecretValue(parseTotpSeed(value, label).secret, `${label} seed`, { confined: true }));
  } catch {
    // No seed: whoever asks for a code is told.
  }
}
