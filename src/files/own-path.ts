import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readFileSync,
  readSync,
  type Stats,
} from 'node:fs';

/** The user whose files count as own. `undefined` on systems without user numbers, such as Windows. */
export interface SystemUser {
  readonly uid: number;
  readonly gid: number;
}

/** Requirements for a path, besides being our own. */
export interface WantedPath {
  readonly kind: 'file' | 'folder';
  /** `private`: no other user can read it. `unshared`: no other user can change it. */
  readonly access: 'private' | 'unshared';
}

/** The user of this process. */
export function currentUser(): SystemUser | undefined {
  const uid = process.geteuid?.();
  const gid = process.getegid?.();
  return uid === undefined || gid === undefined ? undefined : { uid, gid };
}

/** Why a path must not be used, as a sentence; `undefined` if it is safe. */
export function whyNotOurs(
  stats: Stats,
  { kind, access }: WantedPath,
  user: SystemUser | undefined = currentUser(),
): string | undefined {
  if (stats.isSymbolicLink()) return 'It is a symbolic link.';
  if (kind === 'file' ? !stats.isFile() : !stats.isDirectory())
    return kind === 'file' ? 'It is not a regular file.' : 'It is not a folder.';
  if (!user) return undefined;
  if (stats.uid !== user.uid) return `It belongs to another user (uid ${stats.uid}).`;
  const mode = (stats.mode & 0o777).toString(8).padStart(4, '0');
  if (othersMayChange(stats, user)) return `Other users of this machine can change it (mode ${mode}).`;
  if (access === 'private' && (stats.mode & 0o077) !== 0)
    return `Other users of this machine can read it (mode ${mode}).`;
  return undefined;
}

/**
 * `whyNotOurs` for the file now at this path. A link counts as itself. @throws errors of the file system, such as
 * `ENOENT`
 */
export function examinePath(path: string, wanted: WantedPath, user?: SystemUser): string | undefined {
  return whyNotOurs(lstatSync(path), wanted, user ?? currentUser());
}

/**
 * Whether another user can change it. A group with the user's own number is private to the user, by the convention of
 * pam_umask: with umask 002, a checkout is writable by it.
 */
export function othersMayChange({ mode, gid }: Stats, user: SystemUser): boolean {
  const isOwnGroup = gid === user.gid && user.gid === user.uid;
  return (mode & (isOwnGroup ? 0o002 : 0o022)) !== 0;
}

export type OwnFile = { readonly text: string } | { readonly why: string };

/**
 * Reads our own small file. Follows no link, waits for no pipe, checks the owner of the opened file, and reads at most
 * `maxBytes`.
 *
 * @throws errors of the file system, such as `ENOENT`
 */
export function readOwnFile(
  path: string,
  {
    maxBytes,
    access = 'private',
    user = currentUser(),
  }: {
    readonly maxBytes: number;
    readonly access?: WantedPath['access'];
    readonly user?: SystemUser | undefined;
  },
): OwnFile {
  let descriptor: number;
  try {
    descriptor = openSync(path, readWithoutTrust);
  } catch (error) {
    // A link, a socket, or a pipe without a writer.
    if (isErrno(error, 'ELOOP', 'EMLINK', 'ENXIO')) return { why: 'It is not a regular file.' };
    throw error;
  }
  try {
    const why = whyNotOurs(fstatSync(descriptor), { kind: 'file', access }, user);
    if (why !== undefined) return { why };
    const buffer = Buffer.alloc(maxBytes + 1);
    let length = 0;
    for (let read = -1; read !== 0 && length <= maxBytes; length += read)
      read = readSync(descriptor, buffer, length, buffer.length - length, null);
    if (length > maxBytes) return { why: `It has more than ${maxBytes} bytes.` };
    return { text: buffer.toString('utf8', 0, length) };
  } finally {
    closeSync(descriptor);
  }
}

/**
 * Users that may change folders above ours: the system's own. In a user namespace without its own root, system files
 * belong to the overflow user.
 */
export function systemUsers(): ReadonlySet<number> {
  try {
    const map = readFileSync('/proc/self/uid_map', 'utf8').trim().split(/\s+/);
    const isWhole = map.length === 3 && map[0] === '0' && map[1] === '0' && Number(map[2]) >= 0xffff_fffe;
    if (isWhole) return new Set([0]);
    return new Set([0, Number(readFileSync('/proc/sys/kernel/overflowuid', 'utf8'))]);
  } catch {
    return new Set([0]);
  }
}

export function isErrno(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof Error && 'code' in error && codes.includes(String(error.code));
}

// Windows has neither flag.
const { O_NOFOLLOW = 0, O_NONBLOCK = 0 } = constants as Partial<typeof constants>;
/** Opens for reading without following links or waiting for a writer. */
export const readWithoutTrust = constants.O_RDONLY | O_NOFOLLOW | O_NONBLOCK;
/** Opens for appending, and creates a missing file, without following links or waiting for a reader. */
export const appendWithoutTrust =
  constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | O_NOFOLLOW | O_NONBLOCK;
