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

/** Whose files count as own. `undefined` stands for a system without user numbers, as Windows. */
export interface SystemUser {
  readonly uid: number;
  readonly gid: number;
}

/** What a path has to be to be used, besides our own. */
export interface WantedPath {
  readonly kind: 'file' | 'folder';
  /** `private`: nobody else may read it; `unshared`: nobody else may change it. */
  readonly access: 'private' | 'unshared';
}

/** Who this process is for the file system. */
export function currentUser(): SystemUser | undefined {
  const uid = process.geteuid?.();
  const gid = process.getegid?.();
  return uid === undefined || gid === undefined ? undefined : { uid, gid };
}

/** Why something must not be used, as a sentence; `undefined` when it is ours, and ours alone. */
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
  if (othersMayChange(stats, user)) return `Other users of this machine may change it (mode ${mode}).`;
  if (access === 'private' && (stats.mode & 0o077) !== 0)
    return `Other users of this machine may read it (mode ${mode}).`;
  return undefined;
}

/** `whyNotOurs` of what has this name now. A link counts as itself. @throws what the file system says, as `ENOENT` */
export function examinePath(path: string, wanted: WantedPath, user?: SystemUser): string | undefined {
  return whyNotOurs(lstatSync(path), wanted, user ?? currentUser());
}

/**
 * Whether somebody else may change it. A group that has the user's own number is the user's alone, by the convention
 * of pam_umask: with umask 002 a checkout is writable by it.
 */
export function othersMayChange({ mode, gid }: Stats, user: SystemUser): boolean {
  const isOwnGroup = gid === user.gid && user.gid === user.uid;
  return (mode & (isOwnGroup ? 0o002 : 0o022)) !== 0;
}

export type OwnFile = { readonly text: string } | { readonly why: string };

/**
 * Reads a small file of ours by its name. Neither follows a link nor waits at a pipe, asks the opened file itself
 * whose it is, and reads no more than `maxBytes`.
 *
 * @throws what the file system says, as `ENOENT`
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
    // A link; a socket, or a pipe that nobody writes to.
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
 * Users that may change what lies above our files: the system's own. In a user namespace without a root of its own,
 * everything of the system belongs to the overflow user.
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

// Windows has neither of the two flags.
const { O_NOFOLLOW = 0, O_NONBLOCK = 0 } = constants as Partial<typeof constants>;
/** Opens for reading what has a name, without following a link or waiting for a writer. */
export const readWithoutTrust = constants.O_RDONLY | O_NOFOLLOW | O_NONBLOCK;
/** Opens for adding, and makes what is not there: neither behind a link, nor in a pipe that nobody reads. */
export const appendWithoutTrust =
  constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | O_NOFOLLOW | O_NONBLOCK;
