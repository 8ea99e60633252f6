import { lstat, stat } from 'node:fs/promises';
import { AuthSessionsError } from '../core/errors.js';
import { currentUser, whyNotOurs, type SystemUser } from '../files/own-path.js';
import { errnoOf } from './store-error.js';

export interface PrivateFolderOptions {
  /** The folder in messages. [folder] */
  readonly shown?: string | undefined;
  /** Whether this user's own symbolic link may lead to it, for example to another disk. [false] */
  readonly mayBeLink?: boolean;
  readonly user?: SystemUser | undefined;
}

/**
 * Rejects a folder that belongs to another user, or that others can write: they could replace its files. Returns
 * `false` if it does not exist.
 *
 * @throws AuthSessionsError `ERR_FOLDER_NOT_PRIVATE`
 */
export async function requirePrivateFolder(
  folder: string,
  { shown = folder, mayBeLink = false, user = currentUser() }: PrivateFolderOptions = {},
): Promise<boolean> {
  try {
    let stats = await lstat(folder);
    const isOwnLink = stats.isSymbolicLink() && (!user || stats.uid === user.uid);
    if (mayBeLink && isOwnLink) stats = await stat(folder);
    // If it is not a folder, using it as one reports that.
    if (!stats.isDirectory() && !stats.isSymbolicLink()) return true;
    const why = whyNotOurs(stats, { kind: 'folder', access: 'unshared' }, user);
    if (why === undefined) return true;
    throw notPrivate(shown, why, user !== undefined && stats.uid !== user.uid);
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return false;
    throw error;
  }
}

function notPrivate(folder: string, why: string, isForeign: boolean): AuthSessionsError {
  const owned = isForeign ? `sudo chown -R "$(id -u)" '${folder}' && chmod 700` : 'chmod 700';
  return new AuthSessionsError('ERR_FOLDER_NOT_PRIVATE', {
    failed: `The folder "${folder}" is not safe to use.`,
    known: why,
    next:
      `If its contents are yours, run: ${owned} '${folder}'. Otherwise remove it. ` +
      'If chmod has no effect, the disk does not support file modes: set store.folder to a folder on another disk.',
  });
}
