import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { AuthSessionsError } from '../../core/errors.js';
import { isErrno } from '../../files/own-path.js';

export interface KeepScreenshotOptions {
  /** Of the project. */
  readonly folder: string;
  readonly nowMs: number;
}

/**
 * Writes the screenshot that a failed sign-in left, its inputs masked, beside the reports, under a name of its own; gives
 * its path.
 */
export async function keepScreenshot(
  failures: readonly AuthSessionsError[],
  { folder, nowMs }: KeepScreenshotOptions,
): Promise<string | undefined> {
  const failure = failures.find(({ evidence }) => evidence?.screenshot !== undefined);
  const screenshot = failure?.evidence?.screenshot;
  if (screenshot === undefined) return undefined;
  const when = new Date(nowMs).toISOString().replaceAll(/[:.]/g, '-');
  const name = `sign-in-of-${(failure?.session ?? 'a-session').replaceAll(/[^\w.-]/g, '-')}-${when}`;
  try {
    await mkdir(path.join(folder, 'reports/output'), { recursive: true });
    return await writeNew(path.join(folder, 'reports/output', name), Buffer.from(screenshot, 'base64'));
  } catch {
    return undefined; // the error itself is told
  }
}

/** Replaces nothing, and follows no link that has its name. */
async function writeNew(start: string, content: Buffer): Promise<string> {
  for (let number = 1; ; number += 1) {
    const file = `${start}${number === 1 ? '' : `-${number}`}.png`;
    try {
      await writeFile(file, content, { mode: 0o600, flag: 'wx' });
      return file;
    } catch (error) {
      if (!isErrno(error, 'EEXIST')) throw error;
    }
  }
}
