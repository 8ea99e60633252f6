import { readFile, rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { findLeaks, scanFiles, scanLimitsOf, type FindLeaksOptions, type ScannedFile } from './find-leaks.js';
import type { Finding, Leak } from './leak.js';
import { scanContent } from './scan-file.js';
import type { ByteRange } from './shipped-files.js';
import { moveToQuarantine, type QuarantineOptions } from './quarantine.js';

export interface CheckLeaksOptions extends FindLeaksOptions {
  /** What happens to a file with a leak. */
  readonly onLeak: 'quarantine' | 'delete';
  /** Folder that leaking files are moved to, for this user only. It is not searched. */
  readonly quarantineFolder: string;
  /** The parts of a file that a reporter copied unchanged from its package: they contain no leaks. */
  readonly shippedIn?: (file: string) => Promise<readonly ByteRange[]>;
  /**
   * Redacts a file that could not be clean before, except in `keep`. Returns whether it did: the file is then searched
   * again.
   */
  readonly repair?: (file: string, leaks: readonly Leak[], keep: readonly ByteRange[]) => Promise<boolean>;
}

/** A file with a leak: its old path, and its new one, or `undefined` if it was deleted. */
export interface RemovedFile {
  readonly from: string;
  readonly to: string | undefined;
  /** Why it was deleted instead of moved. */
  readonly why?: string;
}

/** The findings, and what happened to the files. */
export interface LeakCheck {
  readonly findings: readonly Finding[];
  /** Files that were redacted and no longer leak. */
  readonly repaired: readonly string[];
  readonly removed: readonly RemovedFile[];
  /** Errors during the check: the check is then incomplete, and the run fails. */
  readonly failures: readonly unknown[];
}

/**
 * Searches the output of a run, and removes each file with a leak. A file that could not be searched stays in place and
 * is a finding. An error in one file does not stop the others from being searched or removed.
 */
export async function checkLeaks(options: CheckLeaksOptions): Promise<LeakCheck> {
  const { onLeak, roots, redactor, shippedIn, repair } = options;
  const quarantine = resolve(options.quarantineFolder);
  const findings: Finding[] = [];
  const repaired: string[] = [];
  const leaking: string[] = [];
  const failures: unknown[] = [];
  const search = { ...options, ...scanLimitsOf(options) };
  const examine = async ({ path, findings: all, inName }: ScannedFile) => {
    const keep = all.some(isLeak) ? ((await shippedIn?.(path)) ?? []) : [];
    const found = keep.length > 0 ? [...(await scanAround(path, keep, search)), ...inName] : all;
    const leaks = found.filter(isLeak);
    const isRepaired = leaks.length > 0 && (await repair?.(path, leaks, keep)) === true;
    const left = isRepaired ? [...(await findAgain(path, search, shippedIn)), ...inName] : found;
    findings.push(...left);
    if (left.some(isLeak)) leaking.push(path);
    else if (isRepaired) repaired.push(redactor.redact(path));
  };
  try {
    for await (const scanned of scanFiles({ ...search, except: quarantine }))
      await examine(scanned).catch((error: unknown) => {
        options.signal?.throwIfAborted();
        failures.push(error);
        findings.push(...scanned.findings);
        if (scanned.findings.some(isLeak)) leaking.push(scanned.path);
      });
  } catch (error) {
    options.signal?.throwIfAborted();
    failures.push(error); // files found so far are still removed
  }
  const removed: RemovedFile[] = [];
  for (const from of leaking)
    try {
      const { to, why } = onLeak === 'delete' ? {} : await keepInQuarantine(from, { roots, quarantine });
      if (to === undefined) await rm(from, { force: true });
      const told = { from: redactor.redact(from), to: to && redactor.redact(to) };
      removed.push(why === undefined ? told : { ...told, why: redactor.redact(why) });
    } catch (error) {
      failures.push(error); // other files are still removed
    }
  return { findings, repaired, removed, failures };
}

/** A file that cannot be quarantined, for example on a full disk, is deleted: reports are collected from its folder. */
async function keepInQuarantine(
  file: string,
  options: QuarantineOptions,
): Promise<{ readonly to?: string; readonly why?: string }> {
  try {
    return { to: await moveToQuarantine(file, options) };
  } catch (error) {
    return { why: error instanceof Error ? error.message : 'it failed' };
  }
}

async function findAgain(
  file: string,
  search: Search,
  shippedIn: CheckLeaksOptions['shippedIn'],
): Promise<readonly Finding[]> {
  const keep = (await shippedIn?.(file)) ?? [];
  if (keep.length > 0) return scanAround(file, keep, search);
  const findings: Finding[] = [];
  for await (const finding of findLeaks({ ...search, roots: [file] })) findings.push(finding);
  return findings;
}

type Search = Omit<FindLeaksOptions, 'limits' | 'time'> & ReturnType<typeof scanLimitsOf>;

/** Searches the file outside these stretches. */
async function scanAround(
  file: string,
  keep: readonly ByteRange[],
  search: Search,
): Promise<readonly Finding[]> {
  const content = await readFile(file);
  for (const { start, end } of keep) content.fill(lineFeed, start, end);
  return (await scanContent(file, content, search)) ?? [];
}

function isLeak(finding: Finding): finding is Leak {
  return finding.kind === 'leak';
}

const lineFeed = 0x0a;
