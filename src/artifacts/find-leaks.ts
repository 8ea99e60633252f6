import { lstat, opendir } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { isPlainWords } from '../redaction/credential-words.js';
import type { Redactor } from '../redaction/redactor.js';
import type { Finding } from './leak.js';
import { collectFindings } from './findings.js';
import { scanFile } from './scan-file.js';
import { createScanTime, defaultLimits, timeIsOver, type ScanLimits, type ScanTime } from './scan-limits.js';

export interface FindLeaksOptions {
  /** Files and folders to search. Missing ones are skipped. Symbolic links are not followed. */
  readonly roots: readonly string[];
  readonly redactor: Redactor;
  /** Stops the search at once with the signal's reason. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: ScanProgress) => void;
  readonly limits?: Partial<ScanLimits>;
  /** Time shared with other searches. [its own, from `limits`] */
  readonly time?: ScanTime;
  /** [a monotonic clock] */
  readonly nowMs?: () => number;
}

/** Progress so far. */
export interface ScanProgress {
  readonly files: number;
  /** Bytes searched, including opened archives. */
  readonly bytes: number;
  /** The file being searched. */
  readonly file: string;
}

/**
 * Searches every byte of files and folders for known secrets in all written forms, and opens archives. It streams, so
 * large files need little memory. Content that cannot be searched is a finding too.
 */
export async function* findLeaks(options: FindLeaksOptions): AsyncGenerator<Finding> {
  for await (const { findings } of scanFiles(options)) yield* findings;
}

/** A file with its real path; in findings the path is redacted. */
export interface ScannedFile {
  readonly path: string;
  /** Findings in its content and its name. */
  readonly findings: readonly Finding[];
  /** Those of the findings that are in the name. */
  readonly inName: readonly Finding[];
}

/** The same, grouped by file. */
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
      if (!found) continue; // it has disappeared
      files++;
      tell();
      const inName = leaksInName(path, { root: resolve(root), redactor });
      yield { path, findings: [...found, ...inName], inName };
    }
}

/** Adds the default limits, and a time that starts now. */
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

/**
 * Folders above the root are not part of the run's output. Plain words in a name come from a title, not from a secret.
 */
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

/** Whether it does not exist, or no longer. Any other failure to read it is an error. */
function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && ['ENOENT', 'ENOTDIR'].includes(String(error.code));
}
