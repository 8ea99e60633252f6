import { lstatSync, mkdirSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import envPaths from 'env-paths';
import { AuthSessionsError } from '../core/errors.js';
import { currentUser, whyNotOurs, type SystemUser } from './own-path.js';
import { examinePlace } from './safe-place.js';

export interface PlaceOptions {
  readonly platform?: NodeJS.Platform;
  /** Default: this process's user. `undefined` on systems without user numbers. */
  readonly user?: SystemUser | undefined;
  /** `XDG_RUNTIME_DIR`. Default: from the environment. */
  readonly runtimeFolder?: string | undefined;
  /** `TMPDIR`, and `/tmp` if that is too long. */
  readonly temporaryFolders?: readonly string[];
  /** The user's cache folder, created if missing. */
  readonly cacheFolder?: string;
}

/**
 * Places for private files, best first: the user's runtime folder, a temporary folder of the user (as on macOS), the
 * user's cache, and the shared temporary folder. Adds to `refused` why a place is not safe.
 */
export function* listPlaces(options: PlaceOptions, refused: string[]): Generator<string> {
  const { platform = process.platform, user, temporaryFolders = [tmpdir(), '/tmp'] } = options;
  if (platform === 'win32' || !user) return yield* temporaryFolders.slice(0, 1);
  const runtimeFolder = 'runtimeFolder' in options ? options.runtimeFolder : process.env.XDG_RUNTIME_DIR;
  const { cacheFolder = userCacheFolder() } = options;
  const temporary = [...new Set(temporaryFolders)];
  const isGood = (folder: string, kind: 'own' | 'shared') =>
    judge(folder, user, refused) === kind && takesSockets(folder, refused);
  if (runtimeFolder && isRuntimeFolder(runtimeFolder, user, refused) && isGood(runtimeFolder, 'own'))
    yield runtimeFolder;
  for (const one of temporary) if (isGood(one, 'own')) yield one;
  if (make(cacheFolder, user, refused) && isGood(cacheFolder, 'own')) yield cacheFolder;
  for (const one of temporary) if (isGood(one, 'shared')) yield one;
}

/**
 * The user's cache folder (0700), created if missing. `undefined` if another user could change its contents: cached
 * code is executed.
 */
export function ownCacheFolder({
  folder = userCacheFolder(),
  user = currentUser(),
}: { readonly folder?: string; readonly user?: SystemUser | undefined } = {}): string | undefined {
  return make(folder, user, []) && judge(folder, user, []) === 'own' ? folder : undefined;
}

function userCacheFolder(): string {
  return envPaths('auth-sessions', { suffix: '' }).cache;
}

/** The most bytes of a socket's path: `sun_path` of unix(7), without its last. */
export function longestSocket(platform: NodeJS.Platform): number {
  return platform === 'linux' ? 107 : 103;
}

export function noPlace(refused: readonly string[]): AuthSessionsError {
  return new AuthSessionsError('ERR_FOLDER_NOT_PRIVATE', {
    failed: 'No folder is safe for the private files of this process.',
    known: [...new Set(refused)].join(' '),
    next: 'Create one (mkdir -m 700) with a short path on a local disk with free space, and set TMPDIR to it.',
  });
}

/** As the XDG Base Directory Specification requires: owned by the user, mode 0700. */
function isRuntimeFolder(folder: string, user: SystemUser, refused: string[]): boolean {
  if (!path.isAbsolute(folder)) return refuse(folder, 'It is not an absolute path.', refused);
  try {
    const why = whyNotOurs(lstatSync(folder), { kind: 'folder', access: 'private' }, user);
    return why === undefined || refuse(folder, why, refused);
  } catch (error) {
    return refuse(folder, messageOf(error), refused);
  }
}

/** Creates nothing in folders that others can rename, such as another user's home kept by sudo. */
function make(folder: string, user: SystemUser | undefined, refused: string[]): boolean {
  try {
    if (judge(nearestAbove(folder), user, refused) !== 'own') return false;
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const why = whyNotOurs(lstatSync(folder), { kind: 'folder', access: 'private' }, user);
    return why === undefined || refuse(folder, why, refused);
  } catch (error) {
    return refuse(folder, messageOf(error), refused);
  }
}

function nearestAbove(folder: string): string {
  for (let above = folder; ; above = path.dirname(above)) {
    const isThere = lstatSync(above, { throwIfNoEntry: false }) !== undefined;
    if (isThere || path.dirname(above) === above) return above;
  }
}

function judge(
  folder: string,
  user: SystemUser | undefined,
  refused: string[],
): 'own' | 'shared' | undefined {
  try {
    const place = examinePlace(folder, user);
    if (place.kind !== 'unsafe') return place.kind;
    refuse(folder, place.why, refused);
  } catch (error) {
    refuse(folder, messageOf(error), refused);
  }
  return undefined;
}

/** A home folder may be on another machine, where sockets are rejected or do not connect. */
function takesSockets(folder: string, refused: string[]): boolean {
  try {
    if (!networkFileSystems.has(statfsSync(folder).type)) return true;
    return refuse(folder, 'It is on a network file system.', refused);
  } catch (error) {
    return refuse(folder, messageOf(error), refused);
  }
}

function refuse(folder: string, why: string, refused: string[]): false {
  refused.push(`"${folder}": ${why}`);
  return false;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? `${error.message}.` : 'It cannot be used.';
}

/** File system types of statfs(2): NFS, CIFS, SMB2, SMB, AFS, Ceph, 9p, Lustre, VirtualBox folders. */
const networkFileSystems: ReadonlySet<number> = new Set([
  0x6969, 0xff534d42, 0xfe534d42, 0x517b, 0x5346414f, 0x00c36400, 0x01021997, 0x0bd00bd0, 0x786f4256,
]);
