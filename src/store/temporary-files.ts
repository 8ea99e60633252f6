import { createHash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isProcessAlive, thisHost } from '../files/process-identity.js';
import { namesIn } from './names-in.js';
import { writtenAtMs } from './remove-old-files.js';

/** The name of a file while it is written. It names its writer, so that others recognize leftovers. */
export function temporaryName(randomId: string): string {
  return `.${hostDigest()}-${process.pid}.${randomId}.tmp`;
}

export function isTemporaryName(name: string): boolean {
  return name.startsWith('.') && name.endsWith('.tmp');
}

/** Removes temporary files of killed writers: at once if the writer is known to be dead, otherwise after an hour. */
export async function sweepTemporaryFiles(folder: string, nowMs: number): Promise<void> {
  for (const name of (await namesIn(folder)).filter(isTemporaryName)) {
    const path = join(folder, name);
    if (isOfDeadWriter(name) || (await writtenAtMs(path)) < nowMs - hourMs)
      await rm(path, { force: true }).catch(() => undefined);
  }
}

function isOfDeadWriter(name: string): boolean {
  const [, host, pid] = /^\.([0-9a-f]{12})-([1-9][0-9]{0,9})\./.exec(name) ?? [];
  return host === hostDigest() && !isProcessAlive(Number(pid));
}

/** File names should not reveal hosts. */
function hostDigest(): string {
  return createHash('sha256').update(thisHost()).digest('hex').slice(0, 12);
}

const hourMs = 60 * 60_000;
