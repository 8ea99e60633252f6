import { execFile } from 'node:child_process';
import path from 'node:path';

export type IgnoreAnswer = 'ignored' | 'not ignored' | 'no repository';

/** Whether Git ignores a path, which may not exist. `no repository` also without Git, or for another user's path. */
export async function askIgnored(folder: string, file: string): Promise<IgnoreAnswer> {
  const { code } = await git(folder, ['check-ignore', '--quiet', '--no-index', '--', file]);
  return code === 0 ? 'ignored' : code === 1 ? 'not ignored' : 'no repository';
}

/** The root of a folder's repository; `undefined` without one, and without Git. */
export async function findRepository(folder: string): Promise<string | undefined> {
  const { code, output } = await git(folder, ['rev-parse', '--show-cdup']);
  return code === 0 ? path.resolve(folder, output.toString().replace(/\r?\n$/, '')) : undefined;
}

/** The tracked files of a whole repository, relative to its root. */
export async function trackedFiles(repository: string): Promise<readonly string[]> {
  return listed(repository, []);
}

/** Files that Git neither tracks nor ignores: the next `git add --all` takes them. */
export async function untrackedFiles(repository: string): Promise<readonly string[]> {
  return listed(repository, ['--others', '--exclude-standard']);
}

/** Files that differ from the index: changed and not added, or removed. */
export async function changedFiles(repository: string): Promise<readonly string[]> {
  return listed(repository, ['--modified']);
}

/** A file's content in the index. */
export async function readTracked(repository: string, file: string): Promise<Buffer | undefined> {
  const { code, output } = await git(repository, ['cat-file', 'blob', `:${file}`]);
  return code === 0 ? output : undefined;
}

async function listed(repository: string, options: readonly string[]): Promise<readonly string[]> {
  const { output } = await git(repository, ['ls-files', '-z', ...options]);
  const names = output.toString().split('\0');
  return [...new Set(names)].filter((name) => name !== '');
}

function git(folder: string, args: readonly string[]): Promise<{ code: number; output: Buffer }> {
  const options = { cwd: folder, maxBuffer: 64 * 1024 * 1024, encoding: 'buffer' } as const;
  return new Promise((resolve) =>
    execFile('git', args, options, (error, output) =>
      resolve({ code: error ? (typeof error.code === 'number' ? error.code : 128) : 0, output }),
    ),
  );
}
