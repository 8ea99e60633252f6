import { link, mkdir, open, rename, rm } from 'node:fs/promises';
import { join, dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { errnoOf } from './store-error.js';
import { temporaryName } from './temporary-files.js';

export interface WriteOptions {
  /** Names the temporary file; unique among all writers. */
  readonly randomId: () => string;
  /**
   * Whether the bytes are flushed to disk before the file appears, so that a power failure leaves no empty file.
   * Default `true`.
   */
  readonly sync?: boolean;
  /** Runs right before the written file is renamed. If it throws, nothing changes. */
  readonly before?: () => Promise<void>;
}

/**
 * Replaces the file at `path` atomically, for this user only (0600). A symbolic link is replaced, not followed. On
 * failure, the old file stays.
 */
export async function replaceFile(path: string, text: string, options: WriteOptions): Promise<void> {
  await withTemporaryFile({ path, text, ...options }, async (temporary) => {
    await options.before?.();
    await renamePatiently(temporary, path);
  });
}

/**
 * Creates the file at `path` atomically; returns `false` if the name is taken. Of several writers, in any processes,
 * exactly one gets `true`.
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

/** Creates a folder for this user only (0700), and those above it. Returns `true` if it did not exist. */
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
    await rm(temporary, { force: true }).catch(() => undefined); // leftovers are removed later
  }
}

// Windows rejects it while a virus scanner or another reader has one of the two files open.
async function renamePatiently(from: string, to: string): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await rename(from, to);
      return;
    } catch (error) {
      if (attempt === 10 || !isBusyOnWindows(error)) throw error;
      await delay(attempt * 10);
    }
  }
}

// Some file systems (FAT, some network and container mounts) have no hard links. There, a reader may see an empty file
// for a moment, and must treat it as being written.
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
    // A temporary file in this folder could be created, so on Windows this means that the name is being deleted.
    if (isBusyOnWindows(error)) return false;
    throw error;
  }
}

/** Windows locks a file while a process has it open, and while its name is being deleted. */
export function isBusyOnWindows(error: unknown, platform: NodeJS.Platform = process.platform): boolean {
  return platform === 'win32' && ['EPERM', 'EACCES', 'EBUSY'].includes(errnoOf(error) ?? '');
}

const withoutHardLinks = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EINVAL', 'EMLINK', 'EISDIR']);
