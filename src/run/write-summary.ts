import { randomUUID } from 'node:crypto';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { RunSummary } from '../core/session-event.js';

/**
 * Writes `auth-sessions.json`, and `auth-sessions.html` from `formatPage`, each atomically. Of runs that end together,
 * the last one wins.
 */
export async function writeSummary(
  folder: string,
  summary: RunSummary,
  formatPage?: (summary: RunSummary) => string,
): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeWhole(path.join(folder, summaryFile), `${JSON.stringify(summary, undefined, 2)}\n`);
  if (formatPage) await writeWhole(path.join(folder, pageFile), formatPage(summary));
}

/** Removes an earlier run's files before a run. */
export async function removeSummary(folder: string): Promise<void> {
  for (const file of [summaryFile, pageFile]) await rm(path.join(folder, file), { force: true });
}

async function writeWhole(file: string, text: string): Promise<void> {
  const temporary = `${file}.${randomUUID()}.new`;
  try {
    await writeFile(temporary, text);
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw error;
  }
}

const summaryFile = 'auth-sessions.json';
const pageFile = 'auth-sessions.html';
