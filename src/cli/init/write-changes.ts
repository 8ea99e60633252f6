import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { usageError } from '../usage-error.js';
import type { FileChange } from './plan-changes.js';

/**
 * Writes what was shown, and nothing where a file is another by now.
 *
 * @throws AuthSessionsError `ERR_USAGE` when one has changed since
 */
export async function writeChanges(changes: readonly FileChange[]): Promise<void> {
  for (const { file, before } of changes) {
    const now = await readFile(file, 'utf8').catch(() => undefined);
    if (now !== before)
      throw usageError(`${file} has changed meanwhile.`, 'Run it again.', 'Nothing was written.');
  }
  for (const { file, before, after } of changes) {
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, after, { flag: before === undefined ? 'wx' : 'w' });
  }
}
