import { existsSync } from 'node:fs';
import path from 'node:path';

/** The nearest folder, searching upward, that contains one of these names. */
export function above(folder: string, names: readonly string[]): string | undefined {
  if (names.some((name) => existsSync(path.join(folder, name)))) return folder;
  const parent = path.dirname(folder);
  return parent === folder ? undefined : above(parent, names);
}
