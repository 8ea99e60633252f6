import { rm } from 'node:fs/promises';
import path from 'node:path';
import { listFiles } from '../artifacts/list-files.js';
import { redactFile } from '../artifacts/redact-file.js';
import type { Clock } from '../core/ports.js';
import type { Redactor } from '../redaction/redactor.js';
import { examinePath } from '../files/own-path.js';
import { isProcessAlive } from '../files/process-identity.js';

export interface ClearArtifactsOptions {
  /** Playwright's output folders. */
  readonly folders: readonly string[];
  readonly redactor: Redactor;
  /** Workers that sent requests to this broker: they still write while they end. */
  readonly workers: readonly number[];
  readonly clock: Clock;
  readonly isAlive?: (pid: number) => boolean;
}

/** Playwright gives workers 30 s to end after their runner. */
export const workersPatienceMs = 40_000;
const pauseMs = 100;

/**
 * Cleans up after a killed runner, which could not redact: removes unfinished recordings of Playwright, which cannot be
 * opened, and redacts the rest. Removes files that cannot be redacted.
 */
export async function clearArtifacts(options: ClearArtifactsOptions): Promise<void> {
  const { folders, redactor, workers, clock, isAlive = isProcessAlive } = options;
  const patienceEndMs = clock.nowMs() + workersPatienceMs;
  while (workers.some((pid) => isAlive(pid)) && clock.nowMs() < patienceEndMs) await clock.sleep(pauseMs);
  for (const folder of folders)
    for (const file of listFiles(folder))
      if (!isOursBelow(folder, file)) continue;
      else if (rawRecording.test(path.relative(folder, file))) await rm(file, { force: true });
      else await redactOrRemove(file, redactor);
}

const rawRecording = /(?:^|[\\/])\.playwright-artifacts-\d+[\\/]/;

/** A folder that another user can rename may point to other files by the time they are removed. */
function isOursBelow(folder: string, file: string): boolean {
  try {
    for (let above = path.dirname(file); ; above = path.dirname(above)) {
      const why = examinePath(above, { kind: 'folder', access: 'unshared' });
      if (why !== undefined) {
        process.stderr.write(`auth-sessions: recordings of this run were left in "${above}". ${why}\n`);
        return false;
      }
      if (above === path.resolve(folder) || above === path.dirname(above)) return true;
    }
  } catch {
    return false;
  }
}

async function redactOrRemove(file: string, redactor: Redactor): Promise<void> {
  try {
    redactFile(file, redactor);
  } catch {
    await rm(file, { force: true });
  }
}
