import { UnreadableArchiveError } from './zip-directory.js';

/** Whether the error means that an archive cannot be read, so its content is unknown. */
export function isAboutArchive(error: unknown): error is Error {
  return error instanceof UnreadableArchiveError || isZlibError(error);
}

/** Whether the error means that compressed data cannot be unpacked. */
export function isZlibError(error: unknown): error is Error & { code: string } {
  if (!(error instanceof Error && 'code' in error && typeof error.code === 'string')) return false;
  return zlibCodes.test(error.code);
}

/** Error codes of zlib, brotli and zstd. */
const zlibCodes = /^(?:Z_|ZSTD_|ERR__ERROR_|ERR_BROTLI_|ERR_ZSTD_|ERR_BUFFER_TOO_LARGE$)/;
