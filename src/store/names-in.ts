import { readdir } from 'node:fs/promises';
import { errnoOf } from './store-error.js';

/** What is in a folder, by name; nothing in one that is not there. */
export async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return [];
    throw error;
  }
}
