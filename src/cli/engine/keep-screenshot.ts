import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { AuthSessionsError } from '../../core/errors.js';
import { reportsFolder } from '../../core/report-files.js';
import { isErrno } from '../../files/own-path.js';

export interface KeepScreenshotOptions {
  /** Folder of the project. */
  readonly folder: string;
  readonly nowMs: number;
}

/** Writes the masked screenshot of a failed sign-in next to the reports, under an unused name. Returns its path. */
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
    const reports = path.join(folder, reportsFolder);
    await mkdir(reports, { recursive: true });
    return await writeNew(path.join(reports, name), Buffer.from(screenshot, 'base64'));
  } catch {
    return undefined; // the original error is reported
  }
}

/** Replaces nothing, and follows no link. */
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
