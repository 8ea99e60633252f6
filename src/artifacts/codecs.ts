import type { Transform } from 'node:stream';
import * as zlib from 'node:zlib';

/** A compressed format with one stream. */
export interface Codec {
  /** Throws zlib's errors, also for content larger than `mostBytes`. */
  readonly unpack: (packed: Buffer, mostBytes: number) => Unpacked;
  readonly pack: (content: Buffer) => Buffer;
  readonly createUnpack: () => Transform;
}

export interface Unpacked {
  readonly content: Buffer;
  /** Bytes after the compressed stream. */
  readonly rest: Buffer;
}

export type StreamKind = 'gzip' | 'zlib' | 'deflate' | 'brotli' | 'zstd';

/** `undefined` for a format that this Node cannot open: zstd needs Node 22.15 or 23.8. */
export function codecOf(kind: StreamKind): Codec | undefined {
  return codecs[kind];
}

interface SyncOptions {
  readonly maxOutputLength: number;
  readonly info: true;
}

type Unpack = (packed: Buffer, options: SyncOptions) => unknown;

function codec(unpack: Unpack, pack: Codec['pack'], createUnpack: Codec['createUnpack']): Codec {
  return {
    pack,
    createUnpack,
    unpack(packed, mostBytes) {
      // The types do not know the result of `info`.
      const { buffer, engine } = unpack(packed, { maxOutputLength: Math.max(1, mostBytes), info: true }) as {
        buffer: Buffer;
        engine: { bytesWritten: number };
      };
      return { content: buffer, rest: packed.subarray(engine.bytesWritten) };
    },
  };
}

/** The types are for Node 20. */
interface Zstd {
  readonly zstdDecompressSync: Unpack;
  readonly zstdCompressSync: Codec['pack'];
  readonly createZstdDecompress: (options: { readonly chunkSize: number }) => Transform;
}

const chunkSize = 1024 * 1024;
/** The default quality takes seconds per megabyte. */
const brotliOptions = { params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 4 } };
const { zstdDecompressSync, zstdCompressSync, createZstdDecompress } = zlib as unknown as Partial<Zstd>;

const codecs: Readonly<Record<StreamKind, Codec | undefined>> = {
  gzip: codec(
    zlib.gunzipSync,
    (content) => zlib.gzipSync(content),
    () => zlib.createGunzip({ chunkSize }),
  ),
  zlib: codec(
    zlib.inflateSync,
    (content) => zlib.deflateSync(content),
    () => zlib.createInflate({ chunkSize }),
  ),
  deflate: codec(
    zlib.inflateRawSync,
    (content) => zlib.deflateRawSync(content),
    () => zlib.createInflateRaw({ chunkSize }),
  ),
  brotli: codec(
    zlib.brotliDecompressSync,
    (content) => zlib.brotliCompressSync(content, brotliOptions),
    () => zlib.createBrotliDecompress({ chunkSize }),
  ),
  zstd:
    zstdDecompressSync && zstdCompressSync && createZstdDecompress
      ? codec(
          zstdDecompressSync,
          (content) => zstdCompressSync(content),
          () => createZstdDecompress({ chunkSize }),
        )
      : undefined,
};
