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
  /** Whether a member is opened at all; called first. */
  readonly opens: (member: ZipMember) => boolean;
  readonly name: (name: string) => string;
  /** The new content; return the same buffer to keep it. */
  readonly content: (content: Buffer, name: string) => Buffer;
}

/**
 * Rewrites some members of an archive; returns the same buffer if none changes. The others keep their compressed bytes,
 * so an archive of pictures costs next to nothing. Members that cannot be opened (encrypted, damaged) stay unchanged.
 * Throws an `UnreadableArchiveError` if it is not an archive.
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
  if (data.length < member.compressedSize) throw unreadable('its members lie outside the file');
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
    // A member larger than it claims is not valid: the leak check reports it.
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
  if (offset + size > 0xfffffffe || members.length > 0xfffe) throw unreadable('it is too large to rewrite');
  return Buffer.concat([...parts, ...directory, endRecord(members.length, size, offset)]);
}

/** The header itself has the sizes, so the flag for a data descriptor is cleared. */
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
/** Fast: a rewritten trace is read only a few times. */
const compressionLevel = 2;
