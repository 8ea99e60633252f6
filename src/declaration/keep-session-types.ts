import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { isCompiled, isOwnSessionTypes, registersSessions, sessionTypesOf } from './session-types.js';

/**
 * Writes the declaration file of a sessions file if it is missing or outdated, atomically: runs may start at once.
 * A file of another origin stays. Without a right to write, nothing happens: the tests run as before.
 *
 * @param randomId names the temporary file; unique among all writers
 */
export async function keepSessionTypes(sessionsFile: string, randomId: () => string): Promise<void> {
  if (!isCompiled(path.dirname(sessionsFile))) return;
  const sessionsText = await textOf(sessionsFile);
  if (sessionsText === undefined || registersSessions(sessionsText)) return;
  const { file, text } = sessionTypesOf(sessionsFile);
  const present = await textOf(file);
  if (present === text || (present !== undefined && !isOwnSessionTypes(present))) return;
  await replace(file, text, randomId()).catch(() => undefined); // as in a read-only folder
}

/** `undefined` if there is no such file, `''` if it cannot be read: such a file stays. */
async function textOf(file: string): Promise<string | undefined> {
  return readFile(file, 'utf8').catch((error: unknown) =>
    error instanceof Error && 'code' in error && error.code === 'ENOENT' ? undefined : '',
  );
}

async function replace(file: string, text: string, id: string): Promise<void> {
  const temporary = path.join(path.dirname(file), `.auth-sessions-${id}.tmp`);
  try {
    await writeFile(temporary, text, { flag: 'wx' });
    await rename(temporary, file);
  } finally {
    await rm(temporary, { force: true });
  }
}
