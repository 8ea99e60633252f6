import { randomUUID } from 'node:crypto';
import { mkdir, readFile, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { usageError } from '../terminal/usage-error.js';
import type { FileChange } from './file-change.js';

/**
 * Writes the shown changes, or nothing if a file has changed meanwhile.
 *
 * @throws AuthSessionsError `ERR_USAGE` if a file has changed
 */
export async function writeChanges(changes: readonly FileChange[]): Promise<void> {
  for (const { file, before } of changes) {
    const now = await readFile(file, 'utf8').catch(() => undefined);
    if (now !== before)
      throw usageError(`${file} changed while init was running.`, 'Run it again.', 'Nothing was written.');
  }
  for (const { file, before, after } of changes) {
    await mkdir(path.dirname(file), { recursive: true });
    if (before === undefined) await writeFile(file, after, { flag: 'wx' });
    else await replace(await realpath(file), after);
  }
}

/** Writes atomically: a truncated config would break everything. */
async function replace(file: string, text: string): Promise<void> {
  const temporary = path.join(path.dirname(file), `.${randomUUID()}.tmp`);
  try {
    await writeFile(temporary, text, { flag: 'wx', mode: (await stat(file)).mode & 0o777 });
    await rename(temporary, file);
  } finally {
    await rm(temporary, { force: true });
  }
}
