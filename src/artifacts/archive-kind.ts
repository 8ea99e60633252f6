import { isUtf8 } from 'node:buffer';
import { constants, inflateRawSync } from 'node:zlib';
import { codecOf, type StreamKind } from './codecs.js';

export type ArchiveKind = 'zip' | StreamKind;

export interface BeginningOptions {
  /** Name of the file or member: brotli and raw deflate have no magic bytes. */
  readonly name: string;
  /** Whether the beginning is the whole content. */
  readonly isWhole: boolean;
}

/** The kind of archive, from the first bytes and the name; `undefined` for any other content. */
export function archiveKind(beginning: Buffer, { name, isWhole }: BeginningOptions): ArchiveKind | undefined {
  if (beginning.length < 4) return undefined;
  const magic = beginning.readUInt32BE(0);
  if (magic === 0x504b0304 || magic === 0x504b0506) return 'zip';
  if (magic >>> 8 === 0x1f8b08) return 'gzip';
  if (isZstd(magic)) return codecOf('zstd') && 'zstd';
  if (closedFormat(beginning) !== undefined) return undefined;
  if (/\.br$/i.test(name)) return 'brotli';
  if (/\.deflate$/i.test(name)) return 'deflate';
  if (isTextBeginning(beginning)) return undefined;
  if (zlibHeaders.includes(magic >>> 16)) return 'zlib';
  return isDeflated(beginning, isWhole) ? 'deflate' : undefined;
}

/** A compressed format that cannot be opened, from the first bytes. Its bytes must not be changed. */
export function closedFormat(beginning: Buffer): string | undefined {
  if (beginning.length < 4) return undefined;
  if (isZstd(beginning.readUInt32BE(0)) && !codecOf('zstd')) return 'zstd';
  const text = beginning.toString('latin1', 0, 8);
  return closedFormats.find(([, ...starts]) => starts.some((start) => text.startsWith(start)))?.[0];
}

/** Where the last end record of a zip archive begins, or -1. */
export function lastZipEnd(bytes: Buffer): number {
  return bytes.lastIndexOf(zipEnd);
}

/** The name of the content inside. */
export function nameWithin(name: string): string {
  return name.replace(/\.(?:t?gz|br|zst|zz|deflate)$/i, '');
}

/** The magic number, or that of a skippable frame, which may come first (RFC 8878). */
function isZstd(magic: number): boolean {
  return magic === 0x28b52ffd || (magic & 0xf0ffffff) >>> 0 === 0x502a4d18;
}

/** The last character may be truncated. */
function isTextBeginning(beginning: Buffer): boolean {
  const some = beginning.subarray(0, 512);
  return [0, 1, 2, 3].some((cut) => isUtf8(some.subarray(0, Math.max(0, some.length - cut))));
}

/**
 * Raw deflate has no magic bytes. Content counts as deflated if it inflates to its end, or without an error for a whole
 * chunk: other content fails within a few bytes.
 */
function isDeflated(beginning: Buffer, isWhole: boolean): boolean {
  if (beginning.length < shortestDeflated || !mayBeDeflated(beginning)) return false;
  const finishFlush = isWhole ? constants.Z_FINISH : constants.Z_SYNC_FLUSH;
  try {
    const { engine } = inflateRawSync(beginning, {
      maxOutputLength: triedBytes,
      finishFlush,
      info: true,
    }) as unknown as { engine: { bytesWritten: number } };
    return engine.bytesWritten === beginning.length;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE';
  }
}

/** The type of the first block (RFC 1951) excludes most pictures. */
function mayBeDeflated(beginning: Buffer): boolean {
  const type = ((beginning[0] ?? 0) >> 1) & 3;
  if (type === 0) return (beginning.readUInt16LE(1) ^ beginning.readUInt16LE(3)) === 0xffff;
  return type !== 3;
}

/** Headers with the largest window, at the four possible levels (RFC 1950). */
const zlibHeaders = [0x7801, 0x785e, 0x789c, 0x78da];
const closedFormats: readonly (readonly [string, ...string[]])[] = [
  ['bzip2', ...Array.from('123456789', (level) => `BZh${level}`)],
  ['xz', '\u00fd7zX'],
  ['7z', '7z\u00bc\u00af'],
  ['rar', 'Rar!'],
  ['lzip', 'LZIP\u0000', 'LZIP\u0001'],
  ['lz4', '\u0004"M\u0018'],
  ['compress', '\u001f\u009d', '\u001f\u00a0'],
  ['cabinet', 'MSCF\u0000\u0000\u0000\u0000'],
];
const zipEnd = Buffer.from('PK\u0005\u0006');
const shortestDeflated = 8;
const triedBytes = 16 * 1024 * 1024;
