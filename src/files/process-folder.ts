import { randomUUID } from 'node:crypto';
import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statfsSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import * as v from 'valibot';
import { currentUser, examinePath, readOwnFile, type SystemUser } from './own-path.js';
import { removeOwnTree } from './remove-own-tree.js';
import { identityEntries, isKnownToBeDead, thisProcess } from './process-identity.js';
import { listPlaces, longestSocket, noPlace, type PlaceOptions } from './process-places.js';

/** A private folder (0700) of one process, for sockets and temporary files. It is removed with the process. */
export interface ProcessFolder {
  readonly folder: string;
  /** Temporary folder of child processes: browsers keep their profiles and sockets there. */
  readonly temporary: string;
}

export interface ProcessFolderOptions extends PlaceOptions {
  readonly nowMs?: number;
}

/**
 * Creates the folder, and removes those that killed processes left next to it. Synchronous, like its removal, because
 * it must be removed before the process ends.
 *
 * @throws AuthSessionsError `ERR_FOLDER_NOT_PRIVATE` if no place is safe, local and large enough
 */
export function createProcessFolder(options: ProcessFolderOptions = {}): ProcessFolder {
  const { user = currentUser(), platform = process.platform, nowMs = Date.now() } = options;
  const refused: string[] = [];
  for (const roomFor of platform === 'win32' ? (['nothing'] as const) : (['browser', 'own'] as const))
    for (const place of listPlaces({ ...options, user, platform }, refused)) {
      const made = makeFolder(place, user, refused);
      if (!made) continue;
      if (roomFor === 'nothing' || longestPath(made, roomFor) <= longestSocket(platform)) {
        removeAbandoned(place, { ...made, user, nowMs });
        return made;
      }
      refused.push(`"${place}": Its path is too long for a socket.`);
      removeOwnTree(made.folder, { user });
    }
  throw noPlace(refused);
}

/** Removes a process's folder with its contents. Returns `false`, and keeps it, if it is no longer ours. */
export function removeProcessFolder(folder: string): boolean {
  // The owner's name is removed last, so that any remains can be identified.
  return removeOwnTree(path.join(folder, temporaryName)) && removeOwnTree(folder);
}

function makeFolder(
  place: string,
  user: SystemUser | undefined,
  refused: string[],
): ProcessFolder | undefined {
  let folder: string | undefined;
  try {
    const { bavail, bsize } = statfsSync(place);
    if (bavail * bsize < leastFreeBytes) throw new Error('Its disk is full.');
    folder = mkdtempSync(path.join(place, prefix));
    // Some file systems have no modes, or report another owner.
    const why = examinePath(folder, { kind: 'folder', access: 'private' }, user);
    if (why !== undefined) throw new Error(why);
    const temporary = path.join(folder, temporaryName);
    mkdirSync(temporary, { mode: 0o700 });
    const owner = path.join(folder, ownerFile);
    writeFileSync(owner, JSON.stringify(thisProcess()), { mode: 0o600, flag: 'wx' });
    keepYoung(owner);
    return { folder, temporary };
  } catch (error) {
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
    refused.push(`"${place}": ${error instanceof Error ? error.message : 'It cannot be written.'}`);
    return undefined;
  }
}

/** The length of Chromium's socket path, which is longer than ours: `org.chromium.Chromium.XXXXXX/SingletonSocket`. */
function longestPath({ folder, temporary }: ProcessFolder, roomFor: 'browser' | 'own'): number {
  return Buffer.byteLength(roomFor === 'own' ? path.join(folder, 's') : temporary + chromiumSocket);
}

/**
 * Moves each into our own folder first, so that only one of several runs removes it. If that run is killed, the next
 * one finds it there.
 */
function removeAbandoned(
  place: string,
  { folder, user, nowMs }: ProcessFolder & { readonly user: SystemUser | undefined; readonly nowMs: number },
): void {
  for (const name of readdirSync(place).filter((one) => one.startsWith(prefix))) {
    const other = path.join(place, name);
    if (other === folder || !isAbandoned(other, { user, nowMs })) continue;
    try {
      removeOwnTree(other, { user, moveTo: path.join(folder, `gone-${randomUUID()}`) });
    } catch {
      // The next run tries to remove it again.
    }
  }
}

/**
 * Whether its process is dead. A broker ends by itself within seconds. Processes in other containers or on other
 * machines cannot be seen, and neither can unnamed ones: their folders are kept for days.
 */
function isAbandoned(
  folder: string,
  { user, nowMs }: { readonly user: SystemUser | undefined; readonly nowMs: number },
): boolean {
  try {
    const { mtimeMs, uid } = lstatSync(folder);
    if (user && uid !== user.uid) return false;
    const owner = path.join(folder, ownerFile);
    const identity = readIdentity(owner, user);
    if (identity && isKnownToBeDead(identity)) return true;
    const lastMs = identity ? lstatSync(owner).mtimeMs : mtimeMs;
    return identity?.host !== thisProcess().host && nowMs - lastMs > silenceMs;
  } catch {
    return false;
  }
}

function readIdentity(file: string, user: SystemUser | undefined) {
  try {
    const read = readOwnFile(file, { maxBytes: 4096, user });
    if (!('text' in read)) return undefined;
    const identity: unknown = JSON.parse(read.text);
    return v.is(identitySchema, identity) ? identity : undefined;
  } catch {
    return undefined;
  }
}

/** Shows processes elsewhere that this one is alive. */
function keepYoung(owner: string): void {
  setInterval(() => {
    try {
      utimesSync(owner, new Date(), new Date());
    } catch {
      // The folder is gone, so this is not needed.
    }
  }, hourMs).unref();
}

export const prefix = 'auth-sessions-';
const ownerFile = 'owner.json';
const temporaryName = 't';
const identitySchema = v.object(identityEntries);
const chromiumSocket = '/org.chromium.Chromium.XXXXXX/SingletonSocket';
const hourMs = 60 * 60_000;
const silenceMs = 7 * 24 * hourMs;
/** Free space for a browser's profile. */
const leastFreeBytes = 64 * 1024 * 1024;
