import type { FileHandle } from 'node:fs/promises';

/** Bytes with random access: an open file or a buffer. */
export interface ByteSource {
  readonly size: number;
  /** Up to `length` bytes. The buffer may be reused by the next read. */
  read(at: number, length: number): Promise<Buffer>;
}

export function sourceOfBuffer(buffer: Buffer): ByteSource {
  return {
    size: buffer.length,
    read: (at, length) => Promise.resolve(buffer.subarray(at, at + length)),
  };
}

export function sourceOfFile(handle: FileHandle, size: number): ByteSource {
  let used: Buffer = Buffer.alloc(0);
  return {
    size,
    async read(at, length) {
      const wanted = Math.max(0, Math.min(length, size - at));
      if (used.length < wanted) used = Buffer.allocUnsafe(wanted);
      const buffer = used.subarray(0, wanted);
      let read = 0;
      while (read < buffer.length) {
        const { bytesRead } = await handle.read(buffer, read, buffer.length - read, at + read);
        if (bytesRead === 0) break;
        read += bytesRead;
      }
      return buffer.subarray(0, read);
    },
  };
}

/** All bytes or a part, in chunks. Each chunk is valid until the next is requested, unless they are `lasting`. */
export async function* readChunks(
  source: ByteSource,
  { start = 0, end = source.size, lasting = false }: ChunksOptions = {},
): AsyncGenerator<Buffer> {
  for (let at = start; at < end;) {
    const chunk = await source.read(at, Math.min(chunkBytes, end - at));
    if (chunk.length === 0) return; // the file got shorter
    yield lasting ? Buffer.from(chunk) : chunk;
    at += chunk.length;
  }
}

/** The kept beginning, then the rest. */
export async function* joined(parts: Buffer[], rest: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  for (let part = parts.shift(); part; part = parts.shift()) yield part;
  yield* rest;
}

/** Keeps the stream open when a loop over it ends. */
export function withoutReturn(chunks: AsyncIterator<Buffer>): AsyncIterator<Buffer> {
  return { next: () => chunks.next() };
}

interface ChunksOptions {
  readonly start?: number;
  readonly end?: number;
  readonly lasting?: boolean;
}

export const chunkBytes = 1024 * 1024;
