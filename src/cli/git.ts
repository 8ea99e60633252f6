import { execFile } from 'node:child_process';
import path from 'node:path';

export type IgnoreAnswer = 'ignored' | 'not ignored' | 'no repository';

/** Whether git ignores a path, which need not exist. `no repository` also where there is no git. */
export async function askIgnored(folder: string, file: string): Promise<IgnoreAnswer> {
  const { code } = await git(folder, ['check-ignore', '--quiet', '--no-index', '--', file]);
  return code === 0 ? 'ignored' : code === 1 ? 'not ignored' : 'no repository';
}

/** What git tracks in and below a folder, as absolute paths; nothing without a repository. */
export async function trackedFiles(folder: string): Promise<readonly string[]> {
  const { code, output } = await git(folder, ['ls-files', '-z']);
  if (code !== 0) return [];
  return output
    .split('\0')
    .filter((name) => name !== '')
    .map((name) => path.join(folder, name));
}

function git(folder: string, args: readonly string[]): Promise<{ code: number; output: string }> {
  return new Promise((resolve) =>
    execFile('git', args, { cwd: folder, maxBuffer: 64 * 1024 * 1024 }, (error, output) =>
      resolve({ code: error ? (typeof error.code === 'number' ? error.code : 128) : 0, output }),
    ),
  );
}
