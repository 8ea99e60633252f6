import { readChunks, type ByteSource } from './byte-source.js';
import type { Place } from './scan-place.js';
import { unreadable } from './zip-directory.js';

/** Whether bytes begin like a tar archive of any kind: its first header contains a checksum. */
export function isTar(beginning: Buffer): boolean {
  return beginning.length >= blockBytes && hasSum(beginning.subarray(0, blockBytes));
}

/** Searches each member of a tar archive, including those with names and settings of others. */
export async function scanTar(
  source: ByteSource,
  place: Place,
  scan: (member: ByteSource, place: Place) => Promise<void>,
): Promise<void> {
  let longName: string | undefined;
  for (let at = 0; at < source.size;) {
    const header = Buffer.from(await source.read(at, blockBytes));
    at += blockBytes;
    if (header.every((byte) => byte === 0)) {
      at = await nextHeader(source, at);
      continue;
    }
    if (header.length < blockBytes || !hasSum(header)) throw unreadable('one of its headers is damaged');
    const type = header.toString('latin1', 156, 157);
    const size = typesWithoutContent.test(type) ? 0 : numberAt(header, 124, 12);
    if (!(size >= 0 && at + size <= source.size)) throw unreadable('it is truncated');
    const name = longName ?? nameOf(header);
    const content = partOf(source, at, size);
    longName = typesOfLongName.test(type) ? longNameIn(await content.read(0, longestName), type) : undefined;
    place.meter.entry();
    if (size > 0) await scan(content, { ...place, name, members: [...place.members, name] });
    at += Math.ceil(size / blockBytes) * blockBytes;
  }
}

/** A tar archive ends with zeros, and another may follow. */
async function nextHeader(source: ByteSource, start: number): Promise<number> {
  let at = start;
  for await (const chunk of readChunks(source, { start })) {
    const index = chunk.findIndex((byte) => byte !== 0);
    if (index !== -1) return at + index - (index % blockBytes);
    at += chunk.length;
  }
  return source.size;
}

function partOf(source: ByteSource, start: number, size: number): ByteSource {
  return { size, read: (at, length) => source.read(start + at, Math.max(0, Math.min(length, size - at))) };
}

/** The sum of all bytes, with the sum's own eight counted as spaces. */
function hasSum(header: Buffer): boolean {
  const sum = header.reduce((all, byte, at) => all + (at >= 148 && at < 156 ? 0x20 : byte), 0);
  return sum === numberAt(header, 148, 8);
}

/** In octal digits, or in binary for large numbers, as GNU tar writes them. */
function numberAt(header: Buffer, at: number, length: number): number {
  if (((header[at] ?? 0) & 0x80) !== 0) return header.readUIntBE(at + length - 6, 6);
  return Number.parseInt(textAt(header, at, length).trim() || '0', 8);
}

function nameOf(header: Buffer): string {
  const prefix = header.toString('latin1', 257, 263) === 'ustar\0' ? textAt(header, 345, 155) : '';
  return [prefix, textAt(header, 0, 100)].filter((part) => part !== '').join('/');
}

/**
 * The long name of the next member: in GNU tar the whole content, in POSIX one of its lines, which begin with their
 * length.
 */
function longNameIn(content: Buffer, type: string): string | undefined {
  if (type === 'L') return textAt(content, 0, content.length);
  return /^\d+ path=(.*)$/m.exec(content.toString())?.[1];
}

function textAt(header: Buffer, at: number, length: number): string {
  return header.toString('utf8', at, at + length).split('\0', 1)[0] ?? '';
}

const blockBytes = 512;
/** Links, devices, folders and pipes. */
const typesWithoutContent = /[1-6]/;
const typesOfLongName = /[Lx]/;
const longestName = 65_536;
