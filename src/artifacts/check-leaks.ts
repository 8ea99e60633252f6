import { rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { scanFiles, type FindLeaksOptions } from './find-leaks.js';
import type { Finding } from './leak.js';
import { moveToQuarantine } from './quarantine.js';

export interface CheckLeaksOptions extends FindLeaksOptions {
  /** What becomes of a file with a leak. */
  readonly onLeak: 'quarantine' | 'delete';
  /** Where it is moved to: a folder for this user only. It is not searched itself. */
  readonly quarantineFolder: string;
}

/** What was found, and what became of it. */
export interface LeakCheck {
  readonly findings: readonly Finding[];
  /** Files with leaks: where each was, and where it is now; `undefined` when it was deleted. */
  readonly removed: readonly { readonly from: string; readonly to: string | undefined }[];
}

/**
 * Searches what a run has left behind, and takes each file with a leak out of it. A file that could not be searched
 * stays where it is and is among the findings.
 */
export async function checkLeaks(options: CheckLeaksOptions): Promise<LeakCheck> {
  const { onLeak, roots, redactor } = options;
  const quarantine = resolve(options.quarantineFolder);
  const findings: Finding[] = [];
  const leaking: string[] = [];
  for await (const scanned of scanFiles({ ...options, except: quarantine })) {
    findings.push(...scanned.findings);
    if (scanned.findings.some(({ kind }) => kind === 'leak')) leaking.push(scanned.path);
  }
  const removed: { from: string; to: string | undefined }[] = [];
  for (const from of leaking) {
    const to = onLeak === 'delete' ? undefined : await moveToQuarantine(from, { roots, quarantine });
    if (to === undefined) await rm(from, { force: true });
    removed.push({ from: redactor.redact(from), to: to && redactor.redact(to) });
  }
  return { findings, removed };
}
