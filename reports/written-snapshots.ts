import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';

/**
 * Snapshots that a run wrote next to the tests, which will probably be committed. Found by the usual folder names.
 * Absolute paths.
 */
export async function writtenSnapshots(folders: readonly string[], startedAtMs: number): Promise<string[]> {
  const files = await Promise.all([...new Set(folders)].map((folder) => snapshotsBelow(folder, false)));
  const found: string[] = [];
  for (const file of new Set(files.flat())) {
    const info = await stat(file).catch(() => undefined);
    if (info && info.mtimeMs >= startedAtMs) found.push(file);
  }
  return found;
}

async function snapshotsBelow(folder: string, isOfSnapshots: boolean): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const found = entries.map(async (entry) => {
    const file = path.join(folder, entry.name);
    if (entry.isFile()) return isOfSnapshots ? [file] : [];
    if (!entry.isDirectory() || /^(?:\.|node_modules$)/.test(entry.name)) return [];
    return snapshotsBelow(file, isOfSnapshots || snapshotFolder.test(entry.name));
  });
  return (await Promise.all(found)).flat();
}

const snapshotFolder = /(?:^|-|_)(?:snapshots|screenshots)(?:$|_)/i;
