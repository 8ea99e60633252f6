import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { AuthSessionsError } from '../core/errors.js';

/** Writes the screenshot that a failed sign-in left, its inputs masked, beside the reports; gives its path. */
export async function keepScreenshot(
  failures: readonly AuthSessionsError[],
  folder: string,
): Promise<string | undefined> {
  const failure = failures.find(({ evidence }) => evidence?.screenshot !== undefined);
  const screenshot = failure?.evidence?.screenshot;
  if (screenshot === undefined) return undefined;
  const file = path.join(folder, 'reports/output', `sign-in-of-${failure?.session ?? 'a-session'}.png`);
  try {
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, Buffer.from(screenshot, 'base64'), { mode: 0o600 });
    return file;
  } catch {
    return undefined; // the error itself is told
  }
}
