/**
 * What the leak check and the redaction of a trace cost: 100 MB of artifacts as runs leave them, with 320 secrets known.
 * `node --import jiti/register tests/bench/leak-check.ts [trace.zip]`; with a trace of yours it is redacted too.
 */
import { fork } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { crc32, deflateRawSync } from 'node:zlib';
import { findLeaks } from '../../src/artifacts/find-leaks.js';
import { redactFile } from '../../src/artifacts/redact-file.js';
import { SecretValue } from '../../src/core/secret-value.js';
import { createRedactor, type Redactor } from '../../src/redaction/redactor.js';

const megabyte = 1_000_000;
const [, , what, folderToSearch = ''] = process.argv;
if (what === 'search') {
  const redactor = knowingMany();
  const startedAt = performance.now();
  redactor.redact('the first search makes the forms');
  console.log(`320 secrets: forms made in ${ms(startedAt)} ms`);
  await benchLeakCheck(redactor, folderToSearch);
} else {
  const folder = mkdtempSync(path.join(tmpdir(), 'leak-check-'));
  try {
    console.log(`${(writeArtifacts(folder) / megabyte).toFixed(0)} MB of artifacts`);
    // In a process of its own, so that its memory is its own.
    await once(fork(import.meta.filename, ['search', folder]), 'exit');
    benchRedaction(knowingMany(), what ?? path.join(folder, 'trace-0.zip'));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function benchLeakCheck(redactor: Redactor, folder: string): Promise<void> {
  let peak = 0;
  let expanded = 0;
  const timer = setInterval(() => (peak = Math.max(peak, process.memoryUsage().rss)), 10);
  const startedAt = performance.now();
  const cpuBefore = process.cpuUsage();
  let found = 0;
  const onProgress = ({ bytes }: { bytes: number }) => (expanded = bytes);
  const findings = findLeaks({ roots: [folder], redactor, onProgress });
  for await (const { kind } of findings) if (kind === 'leak') found++;
  clearInterval(timer);
  const seconds = (performance.now() - startedAt) / 1000;
  const { user, system } = process.cpuUsage(cpuBefore);
  const cpu = ((user + system) / 1_000_000).toFixed(1);
  console.log(
    `leak check: ${(expanded / megabyte).toFixed(0)} MB searched, ` +
      `${seconds.toFixed(1)} s (CPU ${cpu} s), peak RSS ${(peak / megabyte).toFixed(0)} MB, ${found} finds (1 is planted)`,
  );
}

function benchRedaction(redactor: Redactor, trace: string): void {
  const copy = path.join(mkdtempSync(path.join(tmpdir(), 'trace-')), 'copy.zip');
  for (const run of ['first', 'second', 'third']) {
    copyFileSync(trace, copy);
    const startedAt = performance.now();
    const changed = redactFile(copy, redactor);
    const size = (statSync(trace).size / megabyte).toFixed(1);
    console.log(
      `redactFile, ${run}: ${size} MB trace.zip in ${ms(startedAt)} ms, ${changed ? 'changed' : 'clean'}`,
    );
  }
}

/** 300 cookies, 10 passwords, 10 codes. */
function knowingMany(): Redactor {
  const redactor = createRedactor();
  for (let index = 0; index < 300; index++)
    redactor.add(
      new SecretValue(
        `s%3A${chance(`cookie ${index}`, 'base64url')}.${chance(`sign ${index}`, 'base64')}`,
        'cookie',
      ),
    );
  for (let index = 0; index < 10; index++)
    redactor.add(
      new SecretValue(`P4ss "${chance(`password ${index}`, 'base64').slice(0, 12)}" é`, 'password'),
    );
  for (let index = 0; index < 10; index++)
    redactor.add(new SecretValue(String(482915 + 7919 * index), 'code', { kind: 'code' }));
  return redactor;
}

/** Traces with pictures and JSON, videos, an HTML report with its data in base64, text. Gives the bytes. */
function writeArtifacts(target: string): number {
  const files: Record<string, Buffer> = {};
  for (let index = 0; index < 20; index++) files[`trace-${index}.zip`] = trace(index);
  for (let index = 0; index < 8; index++) files[`video-${index}.webm`] = noise(4 * megabyte, index);
  const report = zip({ 'report.json': Buffer.from(jsonLines(20 * megabyte, 1)) });
  files['index.html'] = Buffer.from(
    `<template>data:application/zip;base64,${report.toString('base64')}</template>`,
  );
  files['results.json'] = Buffer.from(jsonLines(10 * megabyte, 2));
  files['planted.txt'] = Buffer.from('the code is 482915');
  let written = 0;
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(target, { recursive: true });
    writeFileSync(path.join(target, name), content);
    written += content.length;
  }
  return written;
}

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

function ms(startedAt: number): string {
  return (performance.now() - startedAt).toFixed(0);
}
