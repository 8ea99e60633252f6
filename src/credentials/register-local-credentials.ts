import path from 'node:path';
import { sessionDefaults } from '../core/session-defaults.js';
import { SecretValue } from '../core/secret-value.js';
import type { LoadedAuthSessions } from '../declaration/load-auth-sessions.js';
import type { Redactor } from '../redaction/redactor.js';
import { toBase64 } from '../vault/local/base64-values.js';
import { localKeysOf } from '../vault/local/local-keys.js';
import { readDotenv } from '../vault/local/read-dotenv.js';
import { parseTotpSeed } from '../vault/local/totp-seed.js';

/**
 * Registers the local values of the declared references with the redactor, even if nothing used them: a run that only
 * restores sessions may still show them on pages. With `undeclared`, also registers other values in the files, by their
 * key; a run does not need these. Includes the parts of seed URIs.
 */
export async function registerLocalCredentials(
  { options, sessions }: LoadedAuthSessions,
  { folder, redactor, undeclared = false }: KnowLocalOptions,
): Promise<void> {
  const keys = new Map(localKeysOf([...sessions.values()]).map((one) => [one.key, one]));
  for (const file of options.local?.files ?? sessionDefaults.localFiles)
    for (const [key, written] of Object.entries((await readDotenv(path.resolve(folder, file))) ?? {})) {
      const use = keys.get(key);
      const value = typeof written === 'string' ? written : toBase64(written);
      if (value === '' || (!use && !undeclared)) continue;
      const label = use?.usedAs[0] ?? key;
      // Only this process needs to know a seed.
      const confined = use?.reference.kind === 'totp';
      redactor.add(new SecretValue(value, label, { confined }));
      if (confined) addSeed(value, label, redactor);
    }
}

export interface KnowLocalOptions {
  /** Folder of the config. */
  readonly folder: string;
  readonly redactor: Pick<Redactor, 'add'>;
  /** Whether values without a declared reference are registered too. [false] */
  readonly undeclared?: boolean;
}

function addSeed(value: string, label: string, redactor: Pick<Redactor, 'add'>): void {
  try {
    const { secret } = parseTotpSeed(value, { name: label, fix: '' });
    redactor.add(new SecretValue(secret, `${label} seed`, { confined: true }));
  } catch {
    // Not a seed: requests for a code and doctor report it.
  }
}
