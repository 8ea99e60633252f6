import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';

/**
 * Recognises files that a reporter has copied unchanged out of a package, such as the viewer of an HTML report: what is
 * written in them was there before any secret, and a viewer that is redacted does not run.
 *
 * @param folders of the packages; one that is not there ships nothing
 */
export function createShippedFiles(folders: readonly string[]): (file: string) => Promise<boolean> {
  let sizes: Promise<ReadonlyMap<number, readonly string[]>> | undefined;
  return async (file) => {
    sizes ??= filesBySize(folders);
    const candidates = (await sizes).get((await stat(file)).size) ?? [];
    if (candidates.length === 0) return false;
    const content = await readFile(file);
    for (const candidate of candidates) if (content.equals(await readFile(candidate))) return true;
    return false;
  };
}

/** How often each text stands in what packages ship, and so in what their reporters write. */
export async function countInShipped(
  folders: readonly string[],
  texts: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const counts = new Map<string, number>();
  if (texts.length === 0) return counts;
  for (const folder of folders)
    for (const file of await filesIn(folder)) {
      const content = await readFile(file);
      for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + countIn(content, text));
    }
  return counts;
}

function countIn(content: Buffer, text: string): number {
  let count = 0;
  for (let at = content.indexOf(text); at !== -1; at = content.indexOf(text, at + text.length)) count += 1;
  return count;
}

async function filesBySize(folders: readonly string[]): Promise<ReadonlyMap<number, readonly string[]>> {
  const sizes = new Map<number, string[]>();
  for (const folder of folders)
    for (const file of await filesIn(folder)) {
      const { size } = await stat(file);
      sizes.set(size, [...(sizes.get(size) ?? []), file]);
    }
  return sizes;
}

async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));
}
