import { lstat, stat } from 'node:fs/promises';
import { AuthSessionsError } from '../core/errors.js';
import { currentUser, whyNotOurs, type SystemUser } from '../files/own-path.js';
import { errnoOf } from './store-error.js';

export interface PrivateFolderOptions {
  /** As messages name it. [folder] */
  readonly shown?: string | undefined;
  /** A link of this user's own may lead to it, as to another disk. [false] */
  readonly mayBeLink?: boolean;
  readonly user?: SystemUser | undefined;
}

/**
 * Refuses a folder that belongs to another user, or that others can write: they could remove, plant and exchange
 * what is in it. `false` when there is none.
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
    // What is no folder at all is told when it is used as one.
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
    failed: `The folder "${folder}" is not used.`,
    known: why,
    next:
      `If what is in it is yours, run: ${owned} '${folder}'; else remove it. ` +
      'Where chmod changes nothing, the disk keeps no file modes: set store.folder to a folder on another disk.',
  });
}
