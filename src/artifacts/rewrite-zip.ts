import { crc32, deflateRawSync, inflateRawSync } from 'node:zlib';
import {
  dataOffset,
  directoryTailBytes,
  localHeaderBytes,
  localSignature,
  locateDirectory,
  memberSignature,
  obstacleOf,
  parseDirectory,
  unreadable,
  utf8Flag,
  type ZipMember,
} from './zip-directory.js';

export interface MemberRewrite {
  /** Whether it is opened at all; is asked before. */
  readonly opens: (member: ZipMember) => boolean;
  readonly name: (name: string) => string;
  /** The content to have; the same buffer to leave it alone. */
  readonly content: (content: Buffer, name: string) => Buffer;
}

/**
 * An archive with some members changed; the same buffer when none is. The others keep their compressed bytes as they
 * are, so that an archive of pictures costs next to nothing. Members that cannot be opened (encrypted, damaged) stay as
 * they are. Throws an `UnreadableArchiveError` for what is no archive.
 */
export function rewriteZip(archive: Buffer, rewrite: MemberRewrite): Buffer {
  const tailStart = Math.max(0, archive.length - directoryTailBytes);
  const place = locateDirectory(archive.subarray(tailStart), tailStart);
  const directory = archive.subarray(place.start, place.start + place.size);
  const members = parseDirectory(directory, place);
  const written = members.map((member) => rewriteMember(archive, member, rewrite));
  return written.some(({ isChanged }) => isChanged) ? assemble(written) : archive;
}

interface WrittenMember {
  readonly member: ZipMember;
  readonly data: Buffer;
  readonly isChanged: boolean;
}

function rewriteMember(
  archive: Buffer,
  member: ZipMember,
  { name, opens, content }: MemberRewrite,
): WrittenMember {
  const header = archive.subarray(member.offset, member.offset + localHeaderBytes);
  const start = dataOffset(member, header);
  const data = archive.subarray(start, start + member.compressedSize);
  if (data.length < member.compressedSize) throw unreadable('its members lie outside of it');
  const renamed = { ...member, name: name(member.name) };
  const kept = { member: renamed, data, isChanged: renamed.name !== member.name };
  const before = opens(member) ? openMember(member, data) : undefined;
  if (!before) return kept;
  const after = content(before, member.name);
  if (after === before) return kept;
  const changed = { ...renamed, crc: crc32(after), size: after.length };
  const packed = member.method === 0 ? after : deflateRawSync(after, { level: compressionLevel });
  return { member: { ...changed, compressedSize: packed.length }, data: packed, isChanged: true };
}

function openMember(member: ZipMember, data: Buffer): Buffer | undefined {
  if (obstacleOf(member) !== undefined) return undefined;
  try {
    // One that is larger than it says is no honest member: the leak check tells of it.
    return member.method === 0 ? data : inflateRawSync(data, { maxOutputLength: Math.max(1, member.size) });
  } catch {
    return undefined;
  }
}

function assemble(members: readonly WrittenMember[]): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { member, data } of members) {
    const name = Buffer.from(member.name);
    const local = Buffer.concat([localHeader(member, name), data]);
    directory.push(directoryHeader(member, name, offset));
    parts.push(local);
    offset += local.length;
  }
  const size = directory.reduce((sum, { length }) => sum + length, 0);
  if (offset + size > 0xfffffffe || members.length > 0xfffe)
    throw unreadable('it is too large to be rewritten');
  return Buffer.concat([...parts, ...directory, endRecord(members.length, size, offset)]);
}

/** Sizes stand in the header itself, so there is no data descriptor: its flag goes. */
function localHeader(member: ZipMember, name: Buffer): Buffer {
  const header = Buffer.alloc(localHeaderBytes);
  header.writeUInt32LE(localSignature, 0);
  header.writeUInt16LE(versionNeeded, 4);
  writeCommon(header, member, { at: 6, name });
  return Buffer.concat([header, name]);
}

function directoryHeader(member: ZipMember, name: Buffer, offset: number): Buffer {
  const header = Buffer.alloc(46);
  header.writeUInt32LE(memberSignature, 0);
  header.writeUInt16LE(member.madeBy, 4);
  header.writeUInt16LE(versionNeeded, 6);
  writeCommon(header, member, { at: 8, name });
  header.writeUInt16LE(member.comment.length, 32);
  header.writeUInt16LE(member.internalAttributes, 36);
  header.writeUInt32LE(member.externalAttributes, 38);
  header.writeUInt32LE(offset, 42);
  return Buffer.concat([header, name, member.comment]);
}

function writeCommon(header: Buffer, member: ZipMember, { at, name }: { at: number; name: Buffer }): void {
  header.writeUInt16LE((member.flags & ~descriptorFlag) | utf8Flag, at);
  header.writeUInt16LE(member.method, at + 2);
  header.writeUInt32LE(member.modified, at + 4);
  header.writeUInt32LE(member.crc, at + 8);
  header.writeUInt32LE(member.compressedSize, at + 12);
  header.writeUInt32LE(member.size, at + 16);
  header.writeUInt16LE(name.length, at + 20);
}

function endRecord(count: number, size: number, offset: number): Buffer {
  const record = Buffer.alloc(22);
  record.writeUInt32LE(0x06054b50, 0);
  record.writeUInt16LE(count, 8);
  record.writeUInt16LE(count, 10);
  record.writeUInt32LE(size, 12);
  record.writeUInt32LE(offset, 16);
  return record;
}

const descriptorFlag = 0x8;
const versionNeeded = 20;
/** Fast: a rewritten trace is read a few times at most. */
const compressionLevel = 2;
