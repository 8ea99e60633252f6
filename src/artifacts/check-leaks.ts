import { rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { findLeaks, scanFiles, scanLimitsOf, type FindLeaksOptions } from './find-leaks.js';
import type { Finding, Leak } from './leak.js';
import { moveToQuarantine, type QuarantineOptions } from './quarantine.js';

export interface CheckLeaksOptions extends FindLeaksOptions {
  /** What becomes of a file with a leak. */
  readonly onLeak: 'quarantine' | 'delete';
  /** Where it is moved to: a folder for this user only. It is not searched itself. */
  readonly quarantineFolder: string;
  /** Whether a file is an unchanged copy of one that a reporter's package ships: it has no leak, whatever is written in it. */
  readonly isShipped?: (file: string) => Promise<boolean>;
  /** Redacts a file that could not be clean before; whether it did, so that the file is searched again. */
  readonly repair?: (file: string, leaks: readonly Leak[]) => Promise<boolean>;
}

/** A file with a leak: where it was, and where it is now; `undefined` when it was deleted. */
export interface RemovedFile {
  readonly from: string;
  readonly to: string | undefined;
  /** Why it was deleted although it was to be moved. */
  readonly why?: string;
}

/** What was found, and what became of it. */
export interface LeakCheck {
  readonly findings: readonly Finding[];
  /** Files that were redacted, and have no leak any more. */
  readonly repaired: readonly string[];
  readonly removed: readonly RemovedFile[];
}

/**
 * Searches what a run has left behind, and takes each file with a leak out of it. A file that could not be searched
 * stays where it is and is among the findings.
 */
export async function checkLeaks(options: CheckLeaksOptions): Promise<LeakCheck> {
  const { onLeak, roots, redactor, isShipped, repair } = options;
  const quarantine = resolve(options.quarantineFolder);
  const findings: Finding[] = [];
  const repaired: string[] = [];
  const leaking: string[] = [];
  const search = { ...options, ...scanLimitsOf(options) };
  for await (const scanned of scanFiles({ ...search, except: quarantine })) {
    const leaks = scanned.findings.filter((finding) => finding.kind === 'leak');
    if (leaks.length > 0 && (await isShipped?.(scanned.path)) === true) continue;
    const isRepaired = leaks.length > 0 && (await repair?.(scanned.path, leaks)) === true;
    const left = isRepaired ? await findAgain(scanned.path, search) : scanned.findings;
    findings.push(...left);
    if (left.some(({ kind }) => kind === 'leak')) leaking.push(scanned.path);
    else if (isRepaired) repaired.push(redactor.redact(scanned.path));
  }
  const removed: RemovedFile[] = [];
  const failures: unknown[] = [];
  for (const from of leaking)
    try {
      const { to, why } = onLeak === 'delete' ? {} : await keepInQuarantine(from, { roots, quarantine });
      if (to === undefined) await rm(from, { force: true });
      const told = { from: redactor.redact(from), to: to && redactor.redact(to) };
      removed.push(why === undefined ? told : { ...told, why: redactor.redact(why) });
    } catch (error) {
      failures.push(error); // the others go all the same
    }
  if (failures.length > 0) throw failures[0];
  return { findings, repaired, removed };
}

/** What cannot be kept, as on a full disk, is not left where reports are collected from either. */
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

async function findAgain(file: string, options: CheckLeaksOptions): Promise<Finding[]> {
  const findings: Finding[] = [];
  for await (const finding of findLeaks({ ...options, roots: [file] })) findings.push(finding);
  return findings;
}
