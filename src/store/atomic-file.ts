import { link, mkdir, open, rename, rm } from 'node:fs/promises';
import { join, dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { errnoOf } from './store-error.js';
import { temporaryName } from './temporary-files.js';

export interface WriteOptions {
  /** Names the temporary file; unique among all writers. */
  readonly randomId: () => string;
  /** Whether the bytes are on the disk before they appear, so that a power cut leaves no empty file. Default `true`. */
  readonly sync?: boolean;
  /** Runs when all is written, right before it gets its name; what it throws leaves everything as it was. */
  readonly before?: () => Promise<void>;
}

/**
 * Puts `text` in the place of whatever has the name `path`, at once and whole, for this user only (0600).
 * A symbolic link there is replaced, not followed. When it fails, what was there is still there.
 */
export async function replaceFile(path: string, text: string, options: WriteOptions): Promise<void> {
  await withTemporaryFile({ path, text, ...options }, async (temporary) => {
    await options.before?.();
    await renamePatiently(temporary, path);
  });
}

/**
 * Puts `text` at `path`, whole, if nothing has that name: `false` when something has. Of several writers at
 * once, in whatever processes, exactly one is told `true`.
 */
export async function createFileOnce(path: string, text: string, options: WriteOptions): Promise<boolean> {
  return withTemporaryFile({ path, text, ...options }, async (temporary) => {
    try {
      await link(temporary, path);
      return true;
    } catch (error) {
      if (errnoOf(error) === 'EEXIST') return false;
      if (!withoutHardLinks.has(errnoOf(error) ?? '')) throw error;
      return createInPlace(path, text);
    }
  });
}

/** Makes a folder for this user only (0700), and the ones above it. `true` when it was not there before. */
export async function ensurePrivateFolder(folder: string): Promise<boolean> {
  return (await mkdir(folder, { recursive: true, mode: 0o700 })) !== undefined;
}

async function withTemporaryFile<T>(
  { path, text, randomId, sync = true }: WriteOptions & { path: string; text: string },
  run: (temporary: string) => Promise<T>,
): Promise<T> {
  const temporary = join(dirname(path), temporaryName(randomId()));
  const file = await open(temporary, 'wx', 0o600);
  try {
    try {
      await file.writeFile(text, 'utf8');
      if (sync) await file.sync();
    } finally {
      await file.close();
    }
    return await run(temporary);
  } finally {
    await rm(temporary, { force: true }).catch(() => undefined); // what stays is swept later
  }
}

// Windows refuses for a moment while a virus scanner or another reader has one of the two files open.
async function renamePatiently(from: string, to: string): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await rename(from, to);
      return;
    } catch (error) {
      if (process.platform !== 'win32' || attempt === 10 || !busyOnWindows.has(errnoOf(error) ?? ''))
        throw error;
      await delay(attempt * 10);
    }
  }
}

// Some file systems (FAT, a few network and container mounts) have no hard links. There a reader may meet an
// empty file for a moment, and has to take it as one that is just being written.
async function createInPlace(path: string, text: string): Promise<boolean> {
  try {
    const file = await open(path, 'wx', 0o600);
    try {
      await file.writeFile(text, 'utf8');
    } finally {
      await file.close();
    }
    return true;
  } catch (error) {
    if (errnoOf(error) === 'EEXIST') return false;
    // The temporary file beside it could be made, so Windows means: this name is about to vanish.
    if (process.platform === 'win32' && busyOnWindows.has(errnoOf(error) ?? '')) return false;
    throw error;
  }
}

const withoutHardLinks = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EINVAL', 'EMLINK', 'EISDIR']);
const busyOnWindows = new Set(['EPERM', 'EACCES', 'EBUSY']);
