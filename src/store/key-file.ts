import { statSync } from 'node:fs';
import { join } from 'node:path';
import envPaths from 'env-paths';
import { AuthSessionsError } from '../core/errors.js';
import { newStoreKeyCommand } from '../core/new-store-key.js';
import { readOwnFile, whyNotOurs } from '../files/own-path.js';
import { createFileOnce, ensurePrivateFolder } from './atomic-file.js';
import { errnoOf, withStoreErrors } from './store-error.js';
import { sweepTemporaryFiles } from './temporary-files.js';

/**
 * The folder for persistent files of this user that should not be copied to other machines: XDG_STATE_HOME
 * (`~/.local/state`) on Linux, `~/Library/Application Support` on macOS, `%LOCALAPPDATA%` on Windows. env-paths calls
 * it `log` on Linux; on other systems that is a folder of logs, which others may collect.
 */
export function userStateFolder(platform: NodeJS.Platform = process.platform): string {
  const { log, data } = envPaths('playwright-auth-sessions', { suffix: '' });
  return platform === 'darwin' || platform === 'win32' ? data : log;
}

/**
 * The 32 bytes in the file `key` of the folder (0700), created on first use (0600). If processes start at
 * once, one of them creates it, and all read the same.
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
  const next = `Fix that, or set AUTH_SESSIONS_KEY to a key from ${newStoreKeyCommand}.`;
  return withStoreErrors({ folder: stateFolder, next }, async () => {
    await sweepTemporaryFiles(stateFolder, Date.now()); // a half-written key is still a key
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
    throw invalid(path, 'It disappeared right after it was created.', 'Run again.');
  });
}

function readKeyFile(path: string): Uint8Array | undefined {
  const text = readText(path)?.trim();
  if (text === undefined) return undefined;
  const bytes = Buffer.from(text, 'base64url');
  if (bytes.length === keyLength && bytes.toString('base64url') === text) return bytes;
  throw invalid(
    path,
    text === ''
      ? 'It is empty: another run may be writing it, or was interrupted.'
      : 'It does not contain 32 bytes.',
    'Run again. If it fails again, remove the file: sessions sealed with it are then signed in again.',
  );
}

function readText(path: string): string | undefined {
  try {
    const read = readOwnFile(path, { maxBytes: 1024 });
    if ('text' in read) return read.text;
    throw invalid(path, read.why, `If it is yours, run: chmod 600 '${path}'. Otherwise remove it.`);
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** Anyone who can write the folder can put their own key there first. */
function checkFolder(folder: string): void {
  const why = whyNotOurs(statSync(folder), { kind: 'folder', access: 'unshared' });
  if (why === undefined) return;
  throw invalid(
    join(folder, 'key'),
    `It is in "${folder}". ${why}`,
    `If it is yours, run: chmod 700 '${folder}'. Otherwise set XDG_STATE_HOME to your own folder.`,
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
