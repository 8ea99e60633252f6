import { createHash } from 'node:crypto';
import { lstat, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { namesIn } from './names-in.js';
import { isProcessAlive, thisHost } from '../files/process-identity.js';

/** A file's name while it is written: it says by whom, so that others know it for left behind. */
export function temporaryName(randomId: string): string {
  return `.${hostDigest()}-${process.pid}.${randomId}.tmp`;
}

export function isTemporaryName(name: string): boolean {
  return name.startsWith('.') && name.endsWith('.tmp');
}

/** Removes what writers who were killed have left in a folder: at once where they are known to be dead, else after an hour. */
export async function sweepTemporaryFiles(folder: string, nowMs: number): Promise<void> {
  for (const name of (await namesIn(folder)).filter(isTemporaryName)) {
    const path = join(folder, name);
    const writtenAtMs = (await lstat(path).catch(() => undefined))?.mtimeMs ?? Infinity;
    if (isOfDeadWriter(name) || writtenAtMs < nowMs - hourMs)
      await rm(path, { force: true }).catch(() => undefined);
  }
}

function isOfDeadWriter(name: string): boolean {
  const [, host, pid] = /^\.([0-9a-f]{12})-([1-9][0-9]{0,9})\./.exec(name) ?? [];
  return host === hostDigest() && !isProcessAlive(Number(pid));
}

/** Names of files should not tell where somebody works. */
function hostDigest(): string {
  return createHash('sha256').update(thisHost()).digest('hex').slice(0, 12);
}

const hourMs = 60 * 60_000;
