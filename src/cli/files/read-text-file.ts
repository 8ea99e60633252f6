import { open } from 'node:fs/promises';
import { AuthSessionsError } from '../../core/errors.js';

export interface TextFileLimit {
  readonly maxBytes: number;
  /** What to do about a larger file. */
  readonly whenLarger: string;
}

/**
 * Reads a file that a command was given. `undefined` if there is none.
 *
 * @throws AuthSessionsError `ERR_FILE_UNUSABLE`
 */
export async function readTextFile(
  file: string,
  { maxBytes, whenLarger }: TextFileLimit,
): Promise<string | undefined> {
  try {
    const handle = await open(file, 'r');
    try {
      const about = await handle.stat();
      if (!about.isFile()) throw unusableFile(file, 'It is not a file.', 'Name a file.');
      if (about.size > maxBytes)
        throw unusableFile(file, `It is larger than ${maxBytes / 1024 / 1024} MiB.`, whenLarger);
      return await handle.readFile('utf8');
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

export function unusableFile(file: string, known: string, next: string): AuthSessionsError {
  return new AuthSessionsError('ERR_FILE_UNUSABLE', {
    failed: `The file ${file} cannot be used.`,
    known,
    next,
  });
}
