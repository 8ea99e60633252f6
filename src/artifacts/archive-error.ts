import { UnreadableArchiveError } from './zip-directory.js';

/** Whether an archive is the trouble: what it holds is not known. */
export function isAboutArchive(error: unknown): error is Error {
  return error instanceof UnreadableArchiveError || isZlibError(error);
}

/** Whether data that were packed cannot be unpacked. */
export function isZlibError(error: unknown): error is Error & { code: string } {
  if (!(error instanceof Error && 'code' in error && typeof error.code === 'string')) return false;
  return zlibCodes.test(error.code);
}

/** Of zlib, brotli and zstd. */
const zlibCodes = /^(?:Z_|ZSTD_|ERR__ERROR_|ERR_BROTLI_|ERR_ZSTD_|ERR_BUFFER_TOO_LARGE$)/;
