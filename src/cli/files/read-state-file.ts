import * as v from 'valibot';
import { storageStateSchema } from '../../core/sealed-session.js';
import type { StorageState } from '../../core/storage-state.js';
import { readTextFile, unusableFile } from './read-text-file.js';

/**
 * Reads a file that Playwright's `storageState({ path })` has written. No message quotes it.
 *
 * @throws AuthSessionsError `ERR_FILE_UNUSABLE`
 */
export async function readStateFile(file: string): Promise<StorageState> {
  const text = await readTextFile(file, { maxBytes, whenLarger: 'Save the state with fewer files in it.' });
  if (text === undefined) throw unusableFile(file, 'There is no such file.', 'Check the path.');
  const playwright = parseJson(text);
  if (!v.is(storageStateSchema.entries.playwright, playwright))
    throw unusableFile(
      file,
      "It is not a storage state in Playwright's format.",
      "Name a file that context.storageState({ path: '…' }) has written.",
    );
  return { playwright, sessionStorage: [] };
}

/** An editor on Windows may have added a byte order mark. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, '')) as unknown;
  } catch {
    return undefined;
  }
}

const maxBytes = 64 * 1024 * 1024;
