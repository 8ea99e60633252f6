import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/**
 * Has what is started meanwhile put its temporary files into a folder of its own (0700), and removes that. Playwright
 * does not wait for the code generator's window when it closes: its profile would be left where a command ends first.
 */
export async function withTemporaryFolder<Result>(work: () => Promise<Result>): Promise<Result> {
  const folder = mkdtempSync(path.join(tmpdir(), 'auth-sessions-window-'));
  const remove = () => {
    try {
      rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
    } catch {
      // Held by a browser that is about to end: tried again when the process ends.
    }
  };
  const before = variables.map((name) => [name, process.env[name]] as const);
  for (const name of variables) process.env[name] = folder;
  process.on('exit', remove);
  try {
    return await work();
  } finally {
    for (const [name, value] of before)
      if (value === undefined) Reflect.deleteProperty(process.env, name);
      else process.env[name] = value;
    // Playwright ends its browsers when the process ends: this comes after it.
    process.off('exit', remove);
    process.on('exit', remove);
    remove();
  }
}

/** By which Node and Chromium find the folder: TMPDIR, and TEMP and TMP on Windows. */
const variables = ['TMPDIR', 'TEMP', 'TMP'] as const;
