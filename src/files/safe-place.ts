import { lstatSync, realpathSync, statSync, type Stats } from 'node:fs';
import { dirname } from 'node:path';
import { currentUser, othersMayChange, systemUsers, type SystemUser } from './own-path.js';

/**
 * How far what we put into a folder stays what it is. `own`: nobody else may rename or remove it. `shared`: as in
 * `/tmp`, others may add to the folder, and change nothing that is ours (the sticky bit). `unsafe`: neither.
 */
export type Place = { readonly kind: 'own' | 'shared' } | { readonly kind: 'unsafe'; readonly why: string };

/**
 * Looks at a folder and at all above it: whoever may rename one of them decides what the path leads to.
 *
 * @throws what the file system says, as `ENOENT`
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
      return { kind: 'unsafe', why: 'Other users of this machine may rename what is in it.' };
    kind = 'shared';
  }
  for (let below = stats, path = real; dirname(path) !== path; path = dirname(path)) {
    const above = lstatSync(dirname(path));
    const isTrusted = above.uid === user.uid || system.has(above.uid);
    const belowIsTrusted = below.uid === user.uid || system.has(below.uid);
    if (!isTrusted || (othersMayChange(above, user) && !(isSticky(above) && belowIsTrusted)))
      return { kind: 'unsafe', why: `Other users of this machine may change "${dirname(path)}" above it.` };
    below = above;
  }
  return { kind };
}

function isSticky({ mode }: Stats): boolean {
  return (mode & 0o1000) !== 0;
}
