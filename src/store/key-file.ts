import { statSync } from 'node:fs';
import { join } from 'node:path';
import envPaths from 'env-paths';
import { AuthSessionsError } from '../core/errors.js';
import { readOwnFile, whyNotOurs } from '../files/own-path.js';
import { createFileOnce, ensurePrivateFolder } from './atomic-file.js';
import { errnoOf, withStoreErrors } from './store-error.js';
import { sweepTemporaryFiles } from './temporary-files.js';

/**
 * Where a program keeps what is this user's, lasts, and is not to be copied to other machines: XDG_STATE_HOME
 * (`~/.local/state`) on Linux, `~/Library/Application Support` on macOS, `%LOCALAPPDATA%` on Windows.
 * On Linux env-paths calls it `log`; elsewhere that is a folder of logs, which others may collect.
 */
export function userStateFolder(): string {
  const { log, data } = envPaths('playwright-auth-sessions', { suffix: '' });
  return process.platform === 'darwin' || process.platform === 'win32' ? data : log;
}

/**
 * The 32 bytes in the file `key` of the folder (0700), made on first use (0600). Of processes that start at
 * once one makes it, and all read the same.
 *
 * @throws AuthSessionsError `ERR_STORE_KEY_INVALID` when others can read it or it holds no key,
 * `ERR_STORE_UNWRITABLE` when it cannot be made
 */
export async function readOrCreateKeyFile(options: {
  readonly stateFolder: string;
  readonly randomBytes: (size: number) => Uint8Array;
}): Promise<Uint8Array> {
  const { stateFolder, randomBytes } = options;
  const path = join(stateFolder, 'key');
  const next = 'Fix that, or set AUTH_SESSIONS_KEY to a key from `openssl rand -base64 32`.';
  return withStoreErrors({ folder: stateFolder, next }, async () => {
    await sweepTemporaryFiles(stateFolder, Date.now()); // a key half made is a key
    const existing = readKeyFile(path);
    if (existing) {
      checkFolder(stateFolder);
      return existing;
    }
    await ensurePrivateFolder(stateFolder);
    checkFolder(stateFolder);
    const text = `${Buffer.from(randomBytes(keyLength)).toString('base64url')}\n`;
    await createFileOnce(path, text, { randomId: () => Buffer.from(randomBytes(16)).toString('hex') });
    const created = readKeyFile(path);
    if (created) return created;
    throw invalid(path, 'It vanished as soon as it was made.', 'Run again.');
  });
}

function readKeyFile(path: string): Uint8Array | undefined {
  const text = readText(path)?.trim();
  if (text === undefined) return undefined;
  const bytes = Buffer.from(text, 'base64url');
  if (bytes.length === keyLength && bytes.toString('base64url') === text) return bytes;
  throw invalid(
    path,
    text === '' ? 'It is empty: a run may be making it, or was cut off.' : 'It does not hold 32 bytes.',
    'Run again. If it fails again, remove the file: sessions sealed with it are then signed in again.',
  );
}

function readText(path: string): string | undefined {
  try {
    const read = readOwnFile(path, { maxBytes: 1024 });
    if ('text' in read) return read.text;
    throw invalid(path, read.why, `If it is yours, run: chmod 600 '${path}'; else remove it.`);
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** Who can write the folder can put a key of their own there before we do. */
function checkFolder(folder: string): void {
  const why = whyNotOurs(statSync(folder), { kind: 'folder', access: 'unshared' });
  if (why === undefined) return;
  throw invalid(
    join(folder, 'key'),
    `It is in "${folder}". ${why}`,
    `If that is yours, run: chmod 700 '${folder}'; else set XDG_STATE_HOME to a folder of yours.`,
  );
}

function invalid(path: string, known: string, next: string): AuthSessionsError {
  return new AuthSessionsError('ERR_STORE_KEY_INVALID', {
    failed: `The key file "${path}" cannot be used.`,
    known,
    next,
  });
}

const keyLength = 32;
