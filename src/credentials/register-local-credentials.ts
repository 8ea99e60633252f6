import path from 'node:path';
import { sessionDefaults } from '../core/auth-session.js';
import type { Redactor } from '../redaction/redactor.js';
import { SecretValue } from '../core/secret-value.js';
import { localKeysOf } from '../vault/local/local-keys.js';
import { readDotenv } from '../vault/local/read-dotenv.js';
import { parseTotpSeed } from '../vault/local/totp-seed.js';
import type { LoadedAuthSessions } from '../declaration/load-auth-sessions.js';

/**
 * Has the redactor know what the local files have for the references that are declared, also where nobody asked: a
 * run whose sessions are all restored asks for nothing, and its pages may show it all the same. With `undeclared` also
 * what else the files have, by its key: in a run that is no concern of this package. Of seeds also what their URIs hold.
 */
export async function registerLocalCredentials(
  { options, sessions }: LoadedAuthSessions,
  { folder, redactor, undeclared = false }: KnowLocalOptions,
): Promise<void> {
  const keys = new Map(localKeysOf([...sessions.values()]).map((one) => [one.key, one]));
  for (const file of options.local?.files ?? sessionDefaults.localFiles)
    for (const [key, value] of Object.entries((await readDotenv(path.resolve(folder, file))) ?? {})) {
      const use = keys.get(key);
      if (value === '' || (!use && !undeclared)) continue;
      const label = use?.usedAs[0] ?? key;
      // Of a seed nobody but this process has to know.
      const confined = use?.reference.kind === 'totp';
      redactor.add(new SecretValue(value, label, { confined }));
      if (confined) addSeed(value, label, redactor);
    }
}

export interface KnowLocalOptions {
  /** Of the config. */
  readonly folder: string;
  readonly redactor: Pick<Redactor, 'add'>;
  /** [false] */
  readonly undeclared?: boolean;
}

function addSeed(value: string, label: string, redactor: Pick<Redactor, 'add'>): void {
  try {
    redactor.add(new SecretValue(parseTotpSeed(value, label).secret, `${label} seed`, { confined: true }));
  } catch {
    // No seed: whoever asks for a code is told, and doctor tells of it.
  }
}
