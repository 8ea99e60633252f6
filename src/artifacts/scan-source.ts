import { pipeline, Readable } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { promisify } from 'node:util';
import { createInflateRaw, inflateRaw, inflateRawSync, type ZlibOptions } from 'node:zlib';
import { archiveKind, closedFormat, lastZipEnd, nameWithin, type ArchiveKind } from './archive-kind.js';
import { beginningsIn, readBase64 } from './base64-archives.js';
import {
  chunkBytes,
  joined,
  readChunks,
  sourceOfBuffer,
  withoutReturn,
  type ByteSource,
} from './byte-source.js';
import { codecOf, type StreamKind } from './codecs.js';
import { isPdf } from './pdf-document.js';
import { scanPdf } from './scan-pdf.js';
import type { Place } from './scan-place.js';
import { isTar, scanTar } from './scan-tar.js';
import { createStreamSearch } from './search-stream.js';
import { isAboutArchive, isZlibError } from './archive-error.js';
import {
  dataOffset,
  directoryTailBytes,
  localHeaderBytes,
  locateDirectory,
  obstacleOf,
  parseDirectory,
  UnreadableArchiveError,
  type ZipMember,
} from './zip-directory.js';

/** Searches every byte, and opens archives: zip, tar, formats that Node can unpack, and base64 of zip or gzip. */
export async function scanSource(source: ByteSource, place: Place): Promise<void> {
  const { archives, kind, closed, startsAsPdf } = await searchChunks(readChunks(source), place, source.size);
  if (closed !== undefined) place.findings.unsearched(place.members, `it is compressed with ${closed}`);
  if (kind === 'zip') await descend(place, kind, (inner) => scanZip(source, inner));
  else if (kind === 'tar') await descend(place, kind, (inner) => scanTar(source, inner, scanSource));
  else if (kind !== undefined) await descend(place, kind, (inner) => scanPacked(source, kind, inner));
  else if (startsAsPdf) await scanPdf(source, place, scanSource);
  for (const start of archives)
    await descend(place, 'base64', (inner) => scanBase64(source, { start, place: inner }));
}

interface Searched {
  /** Where base64 archives may begin. */
  readonly archives: readonly number[];
  readonly kind: ArchiveKind | 'tar' | undefined;
  /** A compressed format that cannot be opened. */
  readonly closed: string | undefined;
  readonly startsAsPdf: boolean;
}

async function searchChunks(chunks: AsyncIterable<Buffer>, place: Place, size: number): Promise<Searched> {
  const search = createStreamSearch(place.redactor);
  const archives = new Set<number>();
  let kind: Searched['kind'];
  let closed: string | undefined;
  let startsAsPdf = false;
  let at = 0;
  let zipEnd = -Infinity;
  let last: Buffer = Buffer.alloc(0);
  for await (const chunk of chunks) {
    spend(place, chunk.length);
    if (at === 0) {
      kind = isTar(chunk) ? 'tar' : archiveKind(chunk, { name: place.name, isWhole: chunk.length === size });
      closed = closedFormat(chunk);
      startsAsPdf = isPdf(chunk);
    }
    place.findings.leaks(place.members, search.push(chunk));
    const window = Buffer.concat([last, chunk]);
    for (const start of beginningsIn(window))
      if ((start > 0 || at === 0) && !archives.has(at - last.length + start)) {
        place.meter.entry();
        archives.add(at - last.length + start);
      }
    const tail = window.subarray(-directoryTailBytes);
    const zipEndInTail = lastZipEnd(tail);
    if (zipEndInTail !== -1) zipEnd = at + chunk.length - tail.length + zipEndInTail;
    last = Buffer.from(window.subarray(-seamBytes));
    at += chunk.length;
    await nextTurn(); // lets signals and progress through
  }
  place.findings.leaks(place.members, search.end());
  const isOther = kind === undefined && closed === undefined && !startsAsPdf;
  // Anything may precede a zip archive, as in self-extracting programs.
  if (isOther && at - zipEnd <= directoryTailBytes) kind = 'zip';
  return { archives: [...archives], kind, closed, startsAsPdf };
}

function spend({ meter, signal, onBytes }: Place, bytes: number): void {
  signal?.throwIfAborted();
  meter.bytes(bytes);
  onBytes?.(bytes);
}

/** Searches inside an archive. One that cannot be searched to its end is a finding. */
async function descend(place: Place, kind: string, scan: (inner: Place) => Promise<void>): Promise<void> {
  const members = kind === 'zip' || kind === 'tar' ? place.members : [...place.members, `(${kind})`];
  place.meter.bytes(0);
  const depth = place.limits.depth - 1;
  if (depth < 0) {
    place.findings.stopped('it is an archive nested too deeply', members);
    return;
  }
  try {
    await scan({ ...place, members, limits: { ...place.limits, depth } });
  } catch (error) {
    place.signal?.throwIfAborted();
    if (!isAboutArchive(error)) throw error;
    place.findings.unsearched(members, `it looks like an archive, but ${error.message}`);
  }
}

async function scanZip(source: ByteSource, place: Place): Promise<void> {
  const tailStart = Math.max(0, source.size - directoryTailBytes);
  const directory = locateDirectory(Buffer.from(await source.read(tailStart, directoryTailBytes)), tailStart);
  const headers = Buffer.from(await source.read(directory.start, directory.size));
  for (const member of parseDirectory(headers, directory)) {
    place.meter.entry();
    const inner = { ...place, name: member.name, members: [...place.members, member.name] };
    const obstacle = obstacleOf(member);
    if (obstacle !== undefined) inner.findings.unsearched(inner.members, obstacle);
    else await scanMember(source, member, inner);
  }
}

async function scanMember(source: ByteSource, member: ZipMember, place: Place): Promise<void> {
  place.meter.foresee(member.size);
  try {
    const start = dataOffset(member, await source.read(member.offset, localHeaderBytes));
    const end = start + member.compressedSize;
    if (member.size > place.limits.memoryBytes) {
      const packed = Readable.from(readChunks(source, { start, end, lasting: true }));
      await scanStream(member.method === 0 ? packed : inflated(packed), place);
      return;
    }
    const data = await source.read(start, member.compressedSize);
    if (data.length < member.compressedSize)
      throw new UnreadableArchiveError('its members lie outside the file');
    const content = member.method === 0 ? data : await inflate(data, member.size);
    await scanSource(sourceOfBuffer(content), place);
  } catch (error) {
    if (!isZlibError(error)) throw error;
    place.findings.unsearched(place.members, `it is damaged (${error.code})`);
  }
}

/** Inflates small members directly, and large ones in another thread. */
async function inflate(data: Buffer, size: number): Promise<Buffer> {
  const options = { maxOutputLength: Math.max(1, size) };
  return size <= chunkBytes ? inflateRawSync(data, options) : inflateLarge(data, options);
}

function inflated(packed: Readable): Readable {
  return pipeline(packed, createInflateRaw({ chunkSize: chunkBytes }), () => undefined);
}

async function scanPacked(source: ByteSource, kind: StreamKind, place: Place): Promise<void> {
  const codec = codecOf(kind);
  if (!codec) throw new UnreadableArchiveError(`this Node cannot open ${kind}`);
  const packed = Readable.from(readChunks(source, { lasting: true }));
  const unpacked = pipeline(packed, codec.createUnpack(), () => undefined);
  await scanStream(unpacked, { ...place, name: nameWithin(place.name) });
}

/** Small content is opened further; in larger content, archives are only reported. */
async function scanStream(stream: Readable, place: Place): Promise<void> {
  const parts: Buffer[] = [];
  let size = 0;
  const chunks = stream[Symbol.asyncIterator]() as AsyncIterableIterator<Buffer>;
  for await (const chunk of { [Symbol.asyncIterator]: () => withoutReturn(chunks) }) {
    parts.push(chunk);
    size += chunk.length;
    if (size > place.limits.memoryBytes) break;
  }
  if (size <= place.limits.memoryBytes) {
    const content = parts.length === 1 && parts[0] ? parts[0] : Buffer.concat(parts);
    return scanSource(sourceOfBuffer(content), place);
  }
  const { archives, kind, closed, startsAsPdf } = await searchChunks(joined(parts, chunks), place, Infinity);
  if (archives.length > 0 || kind !== undefined || closed !== undefined || startsAsPdf)
    place.findings.unsearched(
      place.members,
      'it looks like an archive, but it is too large to open inside another archive',
    );
}

async function scanBase64(
  source: ByteSource,
  { start, place }: { start: number; place: Place },
): Promise<void> {
  const content = await readBase64(source, { start, mostBytes: place.limits.memoryBytes });
  if (content) await scanSource(sourceOfBuffer(content), place);
}

/** Bytes that may belong to a base64 beginning cut by the end of a chunk, with an escape before it. */
const seamBytes = 20;
const inflateLarge = promisify(inflateRaw) as (data: Buffer, options: ZlibOptions) => Promise<Buffer>;
