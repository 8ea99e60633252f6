import { mkdir, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { RunSummary } from '../core/session-event.js';

/** Writes `auth-sessions.json`: whole, or not at all. */
export async function writeSummary(folder: string, summary: RunSummary): Promise<void> {
  await mkdir(folder, { recursive: true });
  const file = path.join(folder, 'auth-sessions.json');
  await writeFile(`${file}.new`, `${JSON.stringify(summary, undefined, 2)}\n`);
  await rename(`${file}.new`, file);
}
