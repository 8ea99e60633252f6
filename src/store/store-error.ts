import { AuthSessionsError } from '../core/errors.js';

/** The system's code of a failed file operation, as `ENOENT`; `undefined` for any other error. */
export function errnoOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && 'syscall' in error && typeof error.code === 'string'
    ? error.code
    : undefined;
}

/**
 * Runs what reads and writes in `folder`, and tells a failure of the file system as `ERR_STORE_UNWRITABLE`.
 * Whatever else is thrown passes through.
 */
export async function withStoreErrors<T>(
  { folder, next }: { readonly folder: string; readonly next?: string },
  run: () => Promise<T>,
): Promise<T> {
  try {
    return await run();
  } catch (error) {
    const errno = errnoOf(error);
    if (errno === undefined) throw error;
    throw new AuthSessionsError(
      'ERR_STORE_UNWRITABLE',
      {
        failed: `The session store cannot be kept in "${folder}".`,
        known: `${reasons[errno] ?? 'The file system refused.'} (${errno})`,
        next: next ?? 'Fix that, or choose another folder for the session store. Nothing stored was changed.',
      },
      { cause: error },
    );
  }
}

const reasons: Readonly<Record<string, string>> = {
  EACCES: 'This user may not write there.',
  EPERM: 'This user may not write there.',
  EROFS: 'It is on a read-only file system.',
  ENOSPC: 'The disk is full.',
  EDQUOT: "This user's disk quota is used up.",
  ENOTDIR: 'A file has the place of a folder.',
  EEXIST: 'A file has the place of a folder.',
  EISDIR: 'A folder has the place of a file.',
  ENOTEMPTY: 'A folder has the place of a file.',
  ENAMETOOLONG: 'The path is too long.',
  EMFILE: 'Too many files are open.',
};
