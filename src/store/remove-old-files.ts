import { lstat, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { namesIn } from './names-in.js';

/** Removes the files of a folder that were last written before `beforeMs`. One that cannot be removed is harmless. */
export async function removeOldFiles(folder: string, beforeMs: number): Promise<void> {
  for (const name of await namesIn(folder)) {
    const file = join(folder, name);
    if ((await writtenAtMs(file)) < beforeMs) await rm(file, { force: true }).catch(() => undefined);
  }
}

/** `Infinity` if it is gone. */
export async function writtenAtMs(file: string): Promise<number> {
  return lstat(file).then(
    ({ mtimeMs }) => mtimeMs,
    () => Infinity,
  );
}
