import { execFile } from 'node:child_process';
import path from 'node:path';

export type IgnoreAnswer = 'ignored' | 'not ignored' | 'no repository';

/** Whether git ignores a path, which need not exist. `no repository` also where there is no git, or another's path. */
export async function askIgnored(folder: string, file: string): Promise<IgnoreAnswer> {
  const { code } = await git(folder, ['check-ignore', '--quiet', '--no-index', '--', file]);
  return code === 0 ? 'ignored' : code === 1 ? 'not ignored' : 'no repository';
}

/** The top of the repository that a folder is in; `undefined` without one, and without git. */
export async function findRepository(folder: string): Promise<string | undefined> {
  const { code, output } = await git(folder, ['rev-parse', '--show-cdup']);
  return code === 0 ? path.resolve(folder, output.toString().replace(/\r?\n$/, '')) : undefined;
}

/** What git tracks of a whole repository, by paths from its top. */
export async function trackedFiles(repository: string): Promise<readonly string[]> {
  return listed(repository, []);
}

/** What git has otherwise than the folder: changed and not added yet, or removed. */
export async function changedFiles(repository: string): Promise<readonly string[]> {
  return listed(repository, ['--modified']);
}

/** A file as git has it. */
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
