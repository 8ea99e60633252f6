import { lstat, opendir } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { isPlainWords } from '../redaction/credential-words.js';
import type { Redactor } from '../redaction/redactor.js';
import type { Finding } from './leak.js';
import { collectFindings } from './findings.js';
import { scanFile } from './scan-file.js';
import { createScanTime, defaultLimits, timeIsOver, type ScanLimits, type ScanTime } from './scan-limits.js';

export interface FindLeaksOptions {
  /** Files and folders to search; what is not there is passed over. Symbolic links are not followed. */
  readonly roots: readonly string[];
  readonly redactor: Redactor;
  /** Stops at once: the search throws the signal's reason. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: ScanProgress) => void;
  readonly limits?: Partial<ScanLimits>;
  /** Shared with other searches. [a time of its own, by `limits`] */
  readonly time?: ScanTime;
  /** [a clock that never goes back] */
  readonly nowMs?: () => number;
}

/** So far. */
export interface ScanProgress {
  readonly files: number;
  /** Searched, with what was in opened archives. */
  readonly bytes: number;
  /** The file that is searched now. */
  readonly file: string;
}

/**
 * Searches every byte of files and folders for known secrets, in all forms, with archives opened; in streams, so that
 * large files cost no memory. What cannot be searched is told as well: nobody knows what is in it.
 */
export async function* findLeaks(options: FindLeaksOptions): AsyncGenerator<Finding> {
  for await (const { findings } of scanFiles(options)) yield* findings;
}

/** A file, with its path as it is: in findings it is redacted. */
export interface ScannedFile {
  readonly path: string;
  /** In its content and its name. */
  readonly findings: readonly Finding[];
  /** Of these, what is in the name. */
  readonly inName: readonly Finding[];
}

/** The same by file. */
export async function* scanFiles(
  options: FindLeaksOptions & { readonly except?: string },
): AsyncGenerator<ScannedFile> {
  const { roots, redactor, signal, onProgress, except } = options;
  const { limits, time } = scanLimitsOf(options);
  const seen = new Set(except === undefined ? [] : [except]);
  let files = 0;
  let bytes = 0;
  for (const root of roots)
    for await (const path of listFiles(resolve(root), seen)) {
      signal?.throwIfAborted();
      const tell = () => onProgress?.({ files, bytes, file: redactor.redact(path) });
      const onBytes = (more: number) => {
        bytes += more;
        tell();
      };
      const found = time.isOver()
        ? notSearched(path, timeIsOver(limits), redactor)
        : await scanFile(path, { redactor, signal, limits, time, onBytes });
      if (!found) continue; // it has vanished
      files++;
      tell();
      const inName = leaksInName(path, { root: resolve(root), redactor });
      yield { path, findings: [...found, ...inName], inName };
    }
}

/** With what is left out, and the time that begins now. */
export function scanLimitsOf(options: Pick<FindLeaksOptions, 'limits' | 'time' | 'nowMs'>): {
  readonly limits: ScanLimits;
  readonly time: ScanTime;
} {
  const limits = { ...defaultLimits, ...options.limits };
  const nowMs = options.nowMs ?? (() => performance.now());
  return { limits, time: options.time ?? createScanTime(limits.seconds, nowMs) };
}

function notSearched(file: string, reason: string, redactor: Redactor): Finding[] {
  const findings = collectFindings(file, redactor);
  findings.stopped(reason);
  return findings.all();
}

/** The folders above the root were there before. Plain words in a name are a title's, not a secret's. */
function leaksInName(file: string, { root, redactor }: { root: string; redactor: Redactor }): Finding[] {
  const findings = collectFindings(file, redactor);
  const name = Buffer.from(relative(root, file));
  const hits = redactor
    .search(name)
    .filter(({ start, end }) => !isPlainWords(name.toString('utf8', start, end)));
  findings.leaks([], hits, ' in the name');
  return findings.all();
}

async function* listFiles(path: string, seen: Set<string>): AsyncGenerator<string> {
  if (seen.has(path)) return;
  seen.add(path);
  const info = await lstat(path).catch((error: unknown) => {
    if (isMissing(error)) return undefined;
    throw error;
  });
  if (info?.isFile()) yield path;
  if (!info?.isDirectory()) return;
  for (const name of await namesIn(path)) yield* listFiles(join(path, name), seen);
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    const names: string[] = [];
    for await (const { name } of await opendir(folder)) names.push(name);
    return names.sort();
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

/** Not there, or gone since. What is there and cannot be looked at is an error: nobody knows what is in it. */
function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && ['ENOENT', 'ENOTDIR'].includes(String(error.code));
}
