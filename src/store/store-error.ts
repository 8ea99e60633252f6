import { AuthSessionsError } from '../core/errors.js';

/** The system's error code of a failed file operation, such as `ENOENT`; `undefined` for any other error. */
export function errnoOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && 'syscall' in error && typeof error.code === 'string'
    ? error.code
    : undefined;
}

/**
 * Runs reads and writes in `folder`, and converts errors of the file system to `ERR_STORE_UNWRITABLE`. Passes on any
 * other error.
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
        failed: `The session store in "${folder}" is not writable.`,
        known: `${reasons[errno] ?? 'The file system rejected it.'} (${errno})`,
        next:
          next ??
          'Fix that, or choose another folder for the session store. Stored sessions were not changed.',
      },
      { cause: error },
    );
  }
}

const reasons: Readonly<Record<string, string>> = {
  EACCES: 'This user has no write permission.',
  EPERM: 'This user has no write permission.',
  EROFS: 'It is on a read-only file system.',
  ENOSPC: 'The disk is full.',
  EDQUOT: "This user's disk quota is used up.",
  ENOTDIR: 'A file is where a folder is needed.',
  EEXIST: 'A file is where a folder is needed.',
  EISDIR: 'A folder is where a file is needed.',
  ENOTEMPTY: 'A folder is where a file is needed.',
  ENAMETOOLONG: 'The path is too long.',
  EMFILE: 'Too many files are open.',
};
