/** One member, as in the archive's central directory (APPNOTE.TXT section 4.3.12). */
export interface ZipMember {
  readonly name: string;
  readonly madeBy: number;
  readonly flags: number;
  /** 0 stored, 8 deflated. */
  readonly method: number;
  /** Time and date in MS-DOS format, unchanged. */
  readonly modified: number;
  readonly crc: number;
  readonly compressedSize: number;
  readonly size: number;
  /** Offset of its local header. */
  readonly offset: number;
  readonly internalAttributes: number;
  readonly externalAttributes: number;
  readonly comment: Buffer;
}

/** Why bytes that look like an archive cannot be read as one. */
export class UnreadableArchiveError extends Error {
  override readonly name = 'UnreadableArchiveError';
}

/** Place of the central directory. */
export interface DirectoryPlace {
  readonly start: number;
  readonly size: number;
  readonly count: number;
  /** How far offsets are off if something precedes the archive. */
  readonly shift: number;
}

/** Finds the directory from the last bytes of an archive: give `directoryTailBytes` of them, or all. */
export function locateDirectory(tail: Buffer, tailStart: number): DirectoryPlace {
  const end = tail.lastIndexOf(endSignature);
  if (end === -1 || end + endBytes > tail.length)
    throw unreadable('it has no end record, so it is truncated');
  const count = tail.readUInt16LE(end + 10);
  const size = tail.readUInt32LE(end + 12);
  const offset = tail.readUInt32LE(end + 16);
  const isZip64 = count === 0xffff || size === 0xffffffff || offset === 0xffffffff;
  const place = isZip64 ? locateZip64(tail, end) : { count, size, offset, end };
  const start = tailStart + place.end - place.size;
  const shift = start - place.offset;
  if (start < 0 || shift < 0) throw unreadable('its directory lies outside the file');
  return { start, size: place.size, count: place.count, shift };
}

/** The members of a central directory, in its order. */
export function parseDirectory(directory: Buffer, { count, shift }: DirectoryPlace): ZipMember[] {
  const members: ZipMember[] = [];
  let at = 0;
  for (let index = 0; index < count; index++) {
    if (at + headerBytes > directory.length || directory.readUInt32LE(at) !== memberSignature)
      throw unreadable('its directory is damaged');
    const ends = at + headerBytes;
    const nameEnd = ends + directory.readUInt16LE(at + 28);
    const extraEnd = nameEnd + directory.readUInt16LE(at + 30);
    const next = extraEnd + directory.readUInt16LE(at + 32);
    if (next > directory.length) throw unreadable('its directory is damaged');
    const flags = directory.readUInt16LE(at + 8);
    members.push({
      name: directory.toString(flags & utf8Flag ? 'utf8' : 'latin1', ends, nameEnd),
      madeBy: directory.readUInt16LE(at + 4),
      flags,
      method: directory.readUInt16LE(at + 10),
      modified: directory.readUInt32LE(at + 12),
      crc: directory.readUInt32LE(at + 16),
      internalAttributes: directory.readUInt16LE(at + 36),
      externalAttributes: directory.readUInt32LE(at + 38),
      comment: Buffer.from(directory.subarray(extraEnd, next)),
      ...sizesOf(directory, at, { extra: directory.subarray(nameEnd, extraEnd), shift }),
    });
    at = next;
  }
  return members;
}

/** Where a member's bytes begin, from its local header of `localHeaderBytes`. */
export function dataOffset(member: ZipMember, localHeader: Buffer): number {
  if (localHeader.length < localHeaderBytes || localHeader.readUInt32LE(0) !== localSignature)
    throw unreadable(`its member has no local header`);
  return member.offset + localHeaderBytes + localHeader.readUInt16LE(26) + localHeader.readUInt16LE(28);
}

/** Why a member cannot be opened, if so. */
export function obstacleOf({ flags, method }: ZipMember): string | undefined {
  if (flags & encryptedFlag) return 'it is encrypted';
  return method === 0 || method === 8 ? undefined : `it uses an unsupported compression method (${method})`;
}

export function unreadable(reason: string): UnreadableArchiveError {
  return new UnreadableArchiveError(reason);
}

function locateZip64(tail: Buffer, end: number) {
  const locator = end - locatorBytes;
  if (locator < 0 || tail.readUInt32LE(locator) !== locatorSignature)
    throw unreadable('its zip64 record is missing');
  const record = tail.lastIndexOf(zip64Signature, locator);
  if (record === -1 || record + 56 > tail.length) throw unreadable('its zip64 record is missing');
  return {
    count: safe(tail.readBigUInt64LE(record + 32)),
    size: safe(tail.readBigUInt64LE(record + 40)),
    offset: safe(tail.readBigUInt64LE(record + 48)),
    end: record,
  };
}

/** Sizes and offset. In zip64, those that do not fit are in an extra field, in this order. */
function sizesOf(
  directory: Buffer,
  at: number,
  { extra, shift }: { readonly extra: Buffer; readonly shift: number },
): Pick<ZipMember, 'size' | 'compressedSize' | 'offset'> {
  const wide = zip64Field(extra);
  let read = 0;
  const widen = (value: number) => {
    if (value !== 0xffffffff || !wide) return value;
    if (read + 8 > wide.length) throw unreadable('its directory is damaged');
    const widened = safe(wide.readBigUInt64LE(read));
    read += 8;
    return widened;
  };
  const size = widen(directory.readUInt32LE(at + 24));
  const compressedSize = widen(directory.readUInt32LE(at + 20));
  return { size, compressedSize, offset: shift + widen(directory.readUInt32LE(at + 42)) };
}

function zip64Field(extra: Buffer): Buffer | undefined {
  for (let at = 0; at + 4 <= extra.length; at += 4 + extra.readUInt16LE(at + 2))
    if (extra.readUInt16LE(at) === 1) return extra.subarray(at + 4, at + 4 + extra.readUInt16LE(at + 2));
  return undefined;
}

function safe(value: bigint): number {
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw unreadable('its sizes are invalid');
  return Number(value);
}

export const localHeaderBytes = 30;
export const localSignature = 0x04034b50;
export const memberSignature = 0x02014b50;
export const utf8Flag = 0x800;
/** The end record with the longest comment, and the zip64 records before it. */
export const directoryTailBytes = 22 + 0xffff + 20 + 56;
const encryptedFlag = 0x1;
const headerBytes = 46;
const endBytes = 22;
const locatorBytes = 20;
const locatorSignature = 0x07064b50;
const endSignature = Buffer.from('PK\x05\x06');
const zip64Signature = Buffer.from('PK\x06\x06');
