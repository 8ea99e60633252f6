import {
  closeSync,
  constants,
  existsSync,
  fchmodSync,
  fstatSync,
  lstatSync,
  openSync,
  readdirSync,
  renameSync,
  rmdirSync,
  rmSync,
  unlinkSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { examineFolder } from './folder-safety.js';
import { currentUser, isErrno, whyNotOurs, type SystemUser } from './own-path.js';

export interface RemoveTreeOptions {
  /**
   * A path in our own private folder, on the same file system. The tree is moved there first, so that only one of
   * several processes removes it.
   */
  readonly moveTo?: string;
  readonly user?: SystemUser | undefined;
  readonly platform?: NodeJS.Platform;
}

/**
 * Removes our private folder (0700) with its contents, and waits briefly for files that an ending browser still writes.
 * Returns `false`, and keeps them, if the folder or something in it is not ours. Links are removed and never followed,
 * even if files are renamed meanwhile.
 */
export function removeOwnTree(folder: string, options: RemoveTreeOptions = {}): boolean {
  const { moveTo, user = currentUser(), platform = process.platform } = options;
  for (let attempt = 1; ; attempt += 1) {
    try {
      if (!user) rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: pauseMs });
      else if (!isOurs(folder, user)) return false;
      else removeOurs(moveTo === undefined ? folder : move(folder, moveTo), { ...user, platform });
      return true;
    } catch (error) {
      if (error instanceof NotOurs) return false;
      // Otherwise a file in it has gone: an ending browser removes its own.
      if (isErrno(error, 'ENOENT') && !isThere(folder)) return true;
      if (moveTo !== undefined || attempt === 6 || !isErrno(error, 'ENOTEMPTY', 'EBUSY', 'ENOENT'))
        throw error;
      pause(pauseMs);
    }
  }
}

function isThere(folder: string): boolean {
  return lstatSync(folder, { throwIfNoEntry: false }) !== undefined;
}

function isOurs(folder: string, user: SystemUser): boolean {
  return (
    whyNotOurs(lstatSync(folder), { kind: 'folder', access: 'private' }, user) === undefined &&
    examineFolder(dirname(folder), user).kind !== 'unsafe'
  );
}

function move(from: string, to: string): string {
  const before = lstatSync(from);
  renameSync(from, to);
  const after = lstatSync(to);
  if (before.ino !== after.ino || before.dev !== after.dev) throw new NotOurs();
  return to;
}

function removeOurs(
  folder: string,
  { uid, platform }: SystemUser & { readonly platform: NodeJS.Platform },
): void {
  const { dev } = lstatSync(folder);
  // Only Linux gives an open folder a path.
  const hasDescriptorPaths = platform === 'linux' && existsSync('/proc/self/fd');
  empty(folder, { uid, dev, hasDescriptorPaths });
  rmdirSync(folder);
}

interface Tree {
  readonly uid: number;
  readonly dev: number;
  readonly hasDescriptorPaths: boolean;
}

/** Opens each folder before reading it, and then uses its descriptor where the system supports that. */
function empty(folder: string, of: Tree): void {
  const descriptor = openFolder(folder);
  try {
    const { uid, dev, mode } = fstatSync(descriptor);
    // Another file system is mounted there, or another user owns it.
    if (uid !== of.uid || dev !== of.dev) throw new NotOurs();
    if ((mode & 0o077) !== 0) fchmodSync(descriptor, 0o700);
    const opened = of.hasDescriptorPaths ? `/proc/self/fd/${descriptor}` : folder;
    for (const entry of readdirSync(opened, { withFileTypes: true })) {
      const path = join(opened, entry.name);
      if (!entry.isDirectory()) unlinkSync(path);
      else {
        empty(path, of);
        rmdirSync(path);
      }
    }
  } finally {
    closeSync(descriptor);
  }
}

function openFolder(folder: string): number {
  try {
    return openSync(folder, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW);
  } catch (error) {
    // A link or a file has replaced it.
    if (isErrno(error, 'ELOOP', 'EMLINK', 'ENOTDIR')) throw new NotOurs();
    throw error;
  }
}

/** Something in the tree belongs to another user. */
class NotOurs extends Error {}

function pause(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

const pauseMs = 100;
