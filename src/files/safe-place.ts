import { lstatSync, realpathSync, statSync, type Stats } from 'node:fs';
import { dirname } from 'node:path';
import { currentUser, othersMayChange, systemUsers, type SystemUser } from './own-path.js';

/**
 * How safe our files are in a folder. `own`: no other user can rename or remove them. `shared`: as in `/tmp`, others
 * can add files but not change ours (sticky bit). `unsafe`: neither.
 */
export type Place = { readonly kind: 'own' | 'shared' } | { readonly kind: 'unsafe'; readonly why: string };

/**
 * Examines a folder and all above it: anyone who can rename one of them decides where the path leads.
 *
 * @throws errors of the file system, such as `ENOENT`
 */
export function examinePlace(folder: string, user: SystemUser | undefined = currentUser()): Place {
  if (!user) return { kind: 'own' };
  const real = realpathSync(folder);
  const stats = statSync(real);
  if (!stats.isDirectory()) return { kind: 'unsafe', why: 'It is not a folder.' };
  const system = systemUsers();
  let kind: 'own' | 'shared' = 'own';
  if (othersMayChange(stats, user) || stats.uid !== user.uid) {
    if (!isSticky(stats) || !(system.has(stats.uid) || stats.uid === user.uid))
      return { kind: 'unsafe', why: 'Other users of this machine can rename files in it.' };
    kind = 'shared';
  }
  for (let below = stats, path = real; dirname(path) !== path; path = dirname(path)) {
    const above = lstatSync(dirname(path));
    const isTrusted = above.uid === user.uid || system.has(above.uid);
    const belowIsTrusted = below.uid === user.uid || system.has(below.uid);
    if (!isTrusted || (othersMayChange(above, user) && !(isSticky(above) && belowIsTrusted)))
      return { kind: 'unsafe', why: `Other users of this machine can change "${dirname(path)}" above it.` };
    below = above;
  }
  return { kind };
}

function isSticky({ mode }: Stats): boolean {
  return (mode & 0o1000) !== 0;
}
