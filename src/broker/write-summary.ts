import { randomUUID } from 'node:crypto';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { RunSummary } from '../core/session-event.js';

/** Writes `auth-sessions.json`: whole, or not at all. Of runs that end together, the last one's stays. */
export async function writeSummary(folder: string, summary: RunSummary): Promise<void> {
  await mkdir(folder, { recursive: true });
  const file = path.join(folder, 'auth-sessions.json');
  const temporary = `${file}.${randomUUID()}.new`;
  try {
    await writeFile(temporary, `${JSON.stringify(summary, undefined, 2)}\n`);
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw error;
  }
}

/** Before a run: a summary that is there was of another. */
export async function removeSummary(folder: string): Promise<void> {
  await rm(path.join(folder, 'auth-sessions.json'), { force: true });
}
