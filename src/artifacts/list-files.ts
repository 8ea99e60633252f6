import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/** The regular files below a folder, with the folder in their paths; none if it cannot be read. */
export function listFiles(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));
  } catch {
    return [];
  }
}
