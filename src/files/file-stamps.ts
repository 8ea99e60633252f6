import { statSync } from 'node:fs';

/** Files, each with what changes when it is written. Contains nothing of their contents. */
export type FileStamps = Readonly<Record<string, string>>;

/**
 * Stamps files that were read after `sinceMs`. A file written since then may have been read before: its stamp equals no
 * later one.
 */
export function stampFiles(files: Iterable<string>, { sinceMs }: { readonly sinceMs: number }): FileStamps {
  return Object.fromEntries(
    [...files].map((file) => [file, writtenSince(file, sinceMs) ? '' : stampOf(file)]),
  );
}

/** Whether one of the files was written, removed or created since it was stamped. */
export function haveChanged(stamps: FileStamps): boolean {
  return Object.entries(stamps).some(([file, stamp]) => stampOf(file) !== stamp);
}

function stampOf(file: string): string {
  const entry = statSync(file, { bigint: true, throwIfNoEntry: false });
  return entry ? `${entry.ino}:${entry.size}:${entry.mtimeNs}` : missing;
}

function writtenSince(file: string, sinceMs: number): boolean {
  const entry = statSync(file, { throwIfNoEntry: false });
  return entry !== undefined && entry.mtimeMs >= sinceMs;
}

const missing = 'missing';
