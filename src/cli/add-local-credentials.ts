import path from 'node:path';
import type { LoadedAuthSessions } from '../broker/load-auth-sessions.js';
import { sessionDefaults } from '../core/auth-session.js';
import type { Redactor } from '../core/redactor.js';
import { SecretValue } from '../core/secret-value.js';
import { readDotenv } from '../vault/read-dotenv.js';
import { parseTotpSeed } from '../vault/totp-seed.js';
import { localKeysOf } from '../vault/local-keys.js';

/** Adds every value of the local files, whether a session uses it or not; of seeds also what their URIs hold. */
export async function addLocalCredentials(
  { options, sessions }: LoadedAuthSessions,
  folder: string,
  redactor: Pick<Redactor, 'add'>,
): Promise<void> {
  const keys = new Map(localKeysOf([...sessions.values()]).map((one) => [one.key, one]));
  for (const file of options.local?.files ?? sessionDefaults.localFiles)
    for (const [key, value] of Object.entries((await readDotenv(path.resolve(folder, file))) ?? {})) {
      const use = keys.get(key);
      const label = use?.usedAs[0] ?? key;
      if (value !== '') redactor.add(new SecretValue(value, label));
      if (value !== '' && use?.reference.kind === 'totp') addSeed(value, label, redactor);
    }
}

function addSeed(value: string, label: string, redactor: Pick<Redactor, 'add'>): void {
  try {
    redactor.add(new SecretValue(parseTotpSeed(value, label).secret, `${label} seed`));
  } catch {
    // No seed: then there is none to find. doctor tells of it.
  }
}
