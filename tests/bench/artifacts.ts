import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { crc32, deflateRawSync } from 'node:zlib';
import { SecretValue } from '../../src/core/secret-value.js';
import { createRedactor, type Redactor } from '../../src/redaction/redactor.js';

export const megabyte = 1_000_000;

/**
 * Writes about so many megabytes of artifacts as runs leave them: traces with pictures and JSON, videos, an HTML report
 * with its data in base64, text. One file has a code in it. Returns the bytes.
 */
export function writeArtifacts(folder: string, megabytes: number): number {
  const share = megabytes / 100;
  const files: Record<string, Buffer> = {};
  for (let index = 0; index < Math.ceil(20 * share); index++) files[`trace-${index}.zip`] = trace(index);
  for (let index = 0; index < 8; index++) files[`video-${index}.webm`] = noise(4 * share * megabyte, index);
  const report = zip({ 'report.json': Buffer.from(jsonLines(20 * share * megabyte, 1)) });
  files['index.html'] = Buffer.from(
    `<template>data:application/zip;base64,${report.toString('base64')}</template>`,
  );
  files['results.json'] = Buffer.from(jsonLines(10 * share * megabyte, 2));
  files['planted.txt'] = Buffer.from(`the code is ${plantedCode}`);
  mkdirSync(folder, { recursive: true });
  for (const [name, content] of Object.entries(files)) writeFileSync(path.join(folder, name), content);
  return Object.values(files).reduce((sum, { length }) => sum + length, 0);
}

/** A redactor with the secrets of so many sessions: a cookie and a password each, and one planted code. */
export function redactorKnowing(sessions: number): Redactor {
  const redactor = createRedactor();
  redactor.add(new SecretValue(plantedCode, 'code', { kind: 'code' }));
  for (let index = 0; index < sessions; index++) {
    const cookie = `s%3A${chance(`cookie ${index}`, 'base64url')}.${chance(`sign ${index}`, 'base64')}`;
    redactor.add(new SecretValue(cookie, 'cookie'));
    const password = `P4ss "${chance(`password ${index}`, 'base64').slice(0, 12)}" é`;
    redactor.add(new SecretValue(password, 'password'));
  }
  return redactor;
}

/** Text as traces have it, without secrets. */
export function traceText(bytes: number): string {
  return jsonLines(bytes, 3);
}

const plantedCode = '482915';

function trace(seed: number): Buffer {
  const members: Record<string, Buffer> = {
    '0-trace.trace': Buffer.from(jsonLines(3 * megabyte, seed)),
    '0-trace.network': Buffer.from(jsonLines(megabyte, seed + 100)),
  };
  for (let index = 0; index < 40; index++)
    members[`resources/${index}.jpeg`] = noise(40_000, seed * 100 + index);
  return zip(members);
}

function jsonLines(bytes: number, seed: number): string {
  const lines: string[] = [];
  for (let size = 0, index = 0; size < bytes; index++) {
    const line = JSON.stringify({
      type: 'frame-snapshot',
      callId: `call@${index}`,
      time: 1234.5 + index * 17.123456,
      hash: chance(`${seed} ${index}`, 'hex'),
      html: [
        'DIV',
        { class: 'panel', style: 'color: #336699' },
        ['P', {}, `paragraph ${index} of “some” page`],
      ],
      headers: [{ name: 'etag', value: chance(`${index} ${seed}`, 'base64') }],
    });
    lines.push(line);
    size += line.length + 1;
  }
  return lines.join('\n');
}

function zip(members: Readonly<Record<string, Buffer>>): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [name, content] of Object.entries(members)) {
    const isStored = name.endsWith('.jpeg');
    const data = isStored ? content : deflateRawSync(content);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(isStored ? 0 : 8, 4);
    common.writeUInt32LE(crc32(content), 10);
    common.writeUInt32LE(data.length, 14);
    common.writeUInt32LE(content.length, 18);
    common.writeUInt16LE(name.length, 22);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(offset, 10);
    directory.push(Buffer.from('PK\u0001\u0002\u0014\u0000', 'latin1'), common, tail, Buffer.from(name));
    const local = Buffer.concat([Buffer.from('PK\u0003\u0004', 'latin1'), common, Buffer.from(name), data]);
    parts.push(local);
    offset += local.length;
  }
  const list = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(Object.keys(members).length, 8);
  end.writeUInt16LE(Object.keys(members).length, 10);
  end.writeUInt32LE(list.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...parts, list, end]);
}

function noise(bytes: number, seed: number): Buffer {
  const block = Buffer.concat(
    Array.from({ length: 512 }, (_, index) => createHash('sha512').update(`${seed} ${index}`).digest()),
  );
  return Buffer.alloc(bytes, block);
}

function chance(seed: string, encoding: 'hex' | 'base64' | 'base64url'): string {
  return createHash('sha256').update(seed).digest(encoding);
}
