import { chmod, copyFile, mkdir, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, extname, join, relative, resolve, sep } from 'node:path';
import { AuthSessionsError } from '../core/errors.js';
import { examinePath, isErrno } from '../files/own-path.js';

export interface QuarantineOptions {
  readonly roots: readonly string[];
  readonly quarantine: string;
}

/**
 * Moves a file below the quarantine folder, with the same relative path: folders 0700, the file 0600, renamed if the
 * name is taken, copied across devices. Returns the new path.
 */
export async function moveToQuarantine(file: string, options: QuarantineOptions): Promise<string> {
  const to = await reservePlace(placeOf(file, options), resolve(options.quarantine));
  try {
    await rename(file, to);
  } catch (error) {
    try {
      if (!isOtherDevice(error)) throw error;
      await copyFile(file, to);
    } catch (cause) {
      await rm(to, { force: true });
      throw cause;
    }
    await rm(file, { force: true });
  }
  await chmod(to, 0o600);
  return to;
}

/** The root's name comes first, which keeps files of several roots apart. */
function placeOf(file: string, { roots, quarantine }: QuarantineOptions): string {
  const root = roots.map((one) => resolve(one)).find((one) => file.startsWith(`${one}${sep}`));
  return join(resolve(quarantine), root === undefined ? basename(file) : relative(dirname(root), file));
}

async function reservePlace(wanted: string, quarantine: string): Promise<string> {
  await requireOwnFolders(dirname(wanted), quarantine);
  const ending = extname(wanted);
  for (let number = 1; ; number++) {
    const place =
      number === 1 ? wanted : `${wanted.slice(0, wanted.length - ending.length)}-${number}${ending}`;
    try {
      await (await open(place, 'wx', 0o600)).close();
      return place;
    } catch (error) {
      if (!isErrno(error, 'EEXIST')) throw error;
    }
  }
}

/** Creates missing folders one by one: a link, or a folder that others can write, would expose the leak. */
async function requireOwnFolders(folder: string, quarantine: string): Promise<void> {
  if (folder === quarantine) await mkdir(dirname(quarantine), { recursive: true, mode: 0o700 });
  else await requireOwnFolders(dirname(folder), quarantine);
  await mkdir(folder, { mode: 0o700 }).catch((error: unknown) => {
    if (!isErrno(error, 'EEXIST')) throw error;
  });
  const why = examinePath(folder, { kind: 'folder', access: 'unshared' });
  if (why !== undefined)
    throw new AuthSessionsError('ERR_FOLDER_NOT_PRIVATE', {
      failed: `Nothing is moved to the quarantine folder "${folder}".`,
      known: why,
      next: `If it is yours, run: chmod 700 '${folder}'. Otherwise remove it.`,
    });
  await chmod(folder, 0o700);
}

function isOtherDevice(error: unknown): boolean {
  return isErrno(error, 'EXDEV');
}
