import { pipeline, Readable } from 'node:stream';
import { promisify } from 'node:util';
import { createInflateRaw, inflateRaw, inflateRawSync, type ZlibOptions } from 'node:zlib';
import { isAboutArchive, isZlibError } from './archive-error.js';
import { nameWithin } from './archive-kind.js';
import { readBase64 } from './base64-archives.js';
import {
  chunkBytes,
  joined,
  readChunks,
  sourceOfBuffer,
  withoutReturn,
  type ByteSource,
} from './byte-source.js';
import { codecOf, type StreamKind } from './codecs.js';
import { scanPdf } from './scan-pdf.js';
import { scanTar } from './scan-tar.js';
import type { ScanTarget } from './scan-target.js';
import { searchChunks } from './search-chunks.js';
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
export async function scanSource(source: ByteSource, target: ScanTarget): Promise<void> {
  const { archives, kind, closed, startsAsPdf } = await searchChunks(readChunks(source), target, source.size);
  if (closed !== undefined) target.findings.unsearched(target.members, `it is compressed with ${closed}`);
  if (kind === 'zip') await descend(target, kind, (inner) => scanZip(source, inner));
  else if (kind === 'tar') await descend(target, kind, (inner) => scanTar(source, inner, scanSource));
  else if (kind !== undefined) await descend(target, kind, (inner) => scanPacked(source, kind, inner));
  else if (startsAsPdf) await scanPdf(source, target, scanSource);
  for (const start of archives)
    await descend(target, 'base64', (inner) => scanBase64(source, { start, target: inner }));
}

/** Searches inside an archive. One that cannot be searched to its end is a finding. */
async function descend(
  target: ScanTarget,
  kind: string,
  scan: (inner: ScanTarget) => Promise<void>,
): Promise<void> {
  const members = kind === 'zip' || kind === 'tar' ? target.members : [...target.members, `(${kind})`];
  target.meter.bytes(0);
  const depth = target.limits.depth - 1;
  if (depth < 0) {
    target.findings.stopped('it is an archive nested too deeply', members);
    return;
  }
  try {
    await scan({ ...target, members, limits: { ...target.limits, depth } });
  } catch (error) {
    target.signal?.throwIfAborted();
    if (!isAboutArchive(error)) throw error;
    target.findings.unsearched(members, `it looks like an archive, but ${error.message}`);
  }
}

async function scanZip(source: ByteSource, target: ScanTarget): Promise<void> {
  const tailStart = Math.max(0, source.size - directoryTailBytes);
  const directory = locateDirectory(Buffer.from(await source.read(tailStart, directoryTailBytes)), tailStart);
  const headers = Buffer.from(await source.read(directory.start, directory.size));
  for (const member of parseDirectory(headers, directory)) {
    target.meter.entry();
    const inner = { ...target, name: member.name, members: [...target.members, member.name] };
    const obstacle = obstacleOf(member);
    if (obstacle !== undefined) inner.findings.unsearched(inner.members, obstacle);
    else await scanMember(source, member, inner);
  }
}

async function scanMember(source: ByteSource, member: ZipMember, target: ScanTarget): Promise<void> {
  target.meter.foresee(member.size);
  try {
    const start = dataOffset(member, await source.read(member.offset, localHeaderBytes));
    const end = start + member.compressedSize;
    if (member.size > target.limits.memoryBytes) {
      const packed = Readable.from(readChunks(source, { start, end, lasting: true }));
      await scanStream(member.method === 0 ? packed : inflated(packed), target);
      return;
    }
    const data = await source.read(start, member.compressedSize);
    if (data.length < member.compressedSize)
      throw new UnreadableArchiveError('its members lie outside the file');
    const content = member.method === 0 ? data : await inflate(data, member.size);
    await scanSource(sourceOfBuffer(content), target);
  } catch (error) {
    if (!isZlibError(error)) throw error;
    target.findings.unsearched(target.members, `it is damaged (${error.code})`);
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

async function scanPacked(source: ByteSource, kind: StreamKind, target: ScanTarget): Promise<void> {
  const codec = codecOf(kind);
  if (!codec) throw new UnreadableArchiveError(`this Node cannot open ${kind}`);
  const packed = Readable.from(readChunks(source, { lasting: true }));
  const unpacked = pipeline(packed, codec.createUnpack(), () => undefined);
  await scanStream(unpacked, { ...target, name: nameWithin(target.name) });
}

/** Small content is opened further; in larger content, archives are only reported. */
async function scanStream(stream: Readable, target: ScanTarget): Promise<void> {
  const parts: Buffer[] = [];
  let size = 0;
  const chunks = stream[Symbol.asyncIterator]() as AsyncIterableIterator<Buffer>;
  for await (const chunk of { [Symbol.asyncIterator]: () => withoutReturn(chunks) }) {
    parts.push(chunk);
    size += chunk.length;
    if (size > target.limits.memoryBytes) break;
  }
  if (size <= target.limits.memoryBytes) {
    const content = parts.length === 1 && parts[0] ? parts[0] : Buffer.concat(parts);
    return scanSource(sourceOfBuffer(content), target);
  }
  const { archives, kind, closed, startsAsPdf } = await searchChunks(joined(parts, chunks), target, Infinity);
  if (archives.length > 0 || kind !== undefined || closed !== undefined || startsAsPdf)
    target.findings.unsearched(
      target.members,
      'it looks like an archive, but it is too large to open inside another archive',
    );
}

async function scanBase64(
  source: ByteSource,
  { start, target }: { start: number; target: ScanTarget },
): Promise<void> {
  const content = await readBase64(source, { start, mostBytes: target.limits.memoryBytes });
  if (content) await scanSource(sourceOfBuffer(content), target);
}

const inflateLarge = promisify(inflateRaw) as (data: Buffer, options: ZlibOptions) => Promise<Buffer>;
