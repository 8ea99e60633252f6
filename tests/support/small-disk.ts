import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';

export const whyNoDisk =
  'no small disk can be mounted here; injected failures of the file system say the same';

/** Mounts a disk of so many kilobytes, for this user alone (0700); `undefined` where that is not allowed. Gives its undo. */
export function mountSmallDisk(folder: string, kilobytes: number): (() => void) | undefined {
  mkdirSync(folder, { mode: 0o700 });
  const { status } = spawnSync('mount', [
    '-t',
    'tmpfs',
    '-o',
    `size=${kilobytes}k,mode=700`,
    'tmpfs',
    folder,
  ]);
  return status === 0 ? () => void spawnSync('umount', ['-l', folder]) : undefined;
}
