import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';

/** Bytes of a file, from `start` to before `end`. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/**
 * Finds parts that a reporter copied unchanged from a package, such as the viewer of an HTML report: they are older
 * than any secret, and a redacted viewer does not run. Returns the stretches of a file in order, possibly the whole
 * file: a page may have inlined programs and styles.
 *
 * @param folders of the packages; they may be missing. Files changed there since `startedAtMs` count as a test's, and a
 *   file is not a copy of itself.
 */
export function createShippedFiles(
  folders: readonly string[],
  startedAtMs = Infinity,
): (file: string) => Promise<readonly ByteRange[]> {
  let sizes: Promise<ReadonlyMap<number, readonly string[]>> | undefined;
  return async (file) => {
    sizes ??= filesBySize(folders, startedAtMs);
    const { size } = await stat(file);
    const candidates = ((await sizes).get(size) ?? []).filter((one) => one !== file);
    const isPage = page.test(file) && size <= largestPageBytes;
    if (candidates.length === 0 && !isPage) return [];
    const content = await readFile(file);
    for (const candidate of candidates)
      if (content.equals(await readFile(candidate))) return [{ start: 0, end: size }];
    return isPage ? inlinedIn(content, [...(await sizes).values()].flat()) : [];
  };
}

async function inlinedIn(content: Buffer, shipped: readonly string[]): Promise<ByteRange[]> {
  const ranges: ByteRange[] = [];
  for (const file of shipped.filter((one) => inlined.test(one))) {
    const piece = await readFile(file);
    const start = piece.length < shortestInlinedBytes ? -1 : content.indexOf(piece);
    const end = start + piece.length;
    const isFree = ranges.every((other) => other.end <= start || end <= other.start);
    if (start !== -1 && isFree) ranges.push({ start, end });
  }
  return ranges.sort((one, other) => one.start - other.start);
}

const page = /\.html?$/i;
const inlined = /\.(?:m?js|css)$/i;
/** A shorter match proves no copy. */
const shortestInlinedBytes = 256;
const largestPageBytes = 512 * 1024 ** 2;

/** How often each text occurs in the files of packages, and so in what their reporters write. */
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

async function filesBySize(
  folders: readonly string[],
  startedAtMs: number,
): Promise<ReadonlyMap<number, readonly string[]>> {
  const sizes = new Map<number, string[]>();
  for (const folder of folders)
    for (const file of await filesIn(folder)) {
      const { size, mtimeMs, ctimeMs } = await stat(file);
      if (Math.max(mtimeMs, ctimeMs) >= startedAtMs) continue;
      sizes.set(size, [...(sizes.get(size) ?? []), file]);
    }
  return sizes;
}

async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));
}
