import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  brotliCompressSync,
  brotliDecompressSync,
  deflateRawSync,
  deflateSync,
  gunzipSync,
  gzipSync,
  inflateRawSync,
  inflateSync,
} from 'node:zlib';
import { expect, test } from '@playwright/test';
import { redactContent as redactMetered, type ContentOptions } from '../../src/artifacts/redact-content.js';
import { redactFile } from '../../src/artifacts/redact-file.js';
import { createScanMeter, defaultLimits } from '../../src/artifacts/scan-limits.js';
import { SecretValue } from '../../src/core/secret-value.js';
import { createRedactor } from '../../src/redaction/redactor.js';
import { writeZip } from '../support/write-zip.js';

const secret = 'Ada "keeps" <this>';
const marker = '[redacted:admin.password]';
const redactor = createRedactor();
redactor.add(new SecretValue(secret, 'admin.password'));
redactor.add(new SecretValue('482915', 'admin.code', { kind: 'code' }));
redactor.add(new SecretValue('ab12', 'admin.pin'));

let folder: string;
test.beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'artifacts-'));
});
test.afterEach(() => rmSync(folder, { recursive: true }));

test('a text file is replaced at once, keeps its mode, and leaves nothing beside it', () => {
  const file = write('error-context.md', `- textbox "Password": ${secret}\n`);
  chmodSync(file, 0o640);
  expect(redactFile(file, redactor)).toBe(true);
  expect(readFileSync(file, 'utf8')).toBe(`- textbox "Password": ${marker}\n`);
  if (process.platform !== 'win32') expect(statSync(file).mode & 0o777).toBe(0o640);
  expect(readdirSync(folder)).toEqual(['error-context.md']);
});

test('a file without a secret is not touched', () => {
  const file = write('notes.txt', 'nothing');
  const before = statSync(file);
  expect(redactFile(file, redactor)).toBe(false);
  expect(statSync(file).ino).toBe(before.ino);
});

test('a symbolic link stays one, and its target is redacted', () => {
  test.skip(process.platform === 'win32', 'links need a privilege there');
  const file = write('target.txt', secret);
  const link = path.join(folder, 'link.txt');
  symlinkSync(file, link);
  expect(redactFile(link, redactor)).toBe(true);
  expect(readFileSync(file, 'utf8')).toBe(marker);
});

for (const method of ['ZIP_STORED', 'ZIP_DEFLATED'])
  test(`a zip archive of another writer (${method}) is redacted, and read by it`, () => {
    const file = path.join(folder, 'a.zip');
    python(
      `import zipfile
z = zipfile.ZipFile(${py(file)}, 'w', zipfile.${method})
z.writestr('dirty.txt', ${py(`a ${secret} b`)})
z.writestr('clean.bin', bytes(range(256)) * 100)
z.writestr('ünïcode/${'x'.repeat(30)}.txt', 'fine')
z.comment = b'kept or not'
z.close()`,
    );
    expect(redactFile(file, redactor)).toBe(true);
    const answer = python(
      `import zipfile, json
z = zipfile.ZipFile(${py(file)})
assert z.testzip() is None
assert z.read('clean.bin') == bytes(range(256)) * 100
print(json.dumps([z.namelist(), z.read('dirty.txt').decode()]))`,
    );
    expect(JSON.parse(answer)).toEqual([
      ['dirty.txt', 'clean.bin', `ünïcode/${'x'.repeat(30)}.txt`],
      `a ${marker} b`,
    ]);
    expect(redactFile(file, redactor)).toBe(false);
  });

test('an archive that was streamed, with sizes after the data, is redacted', () => {
  const archive = pythonBytes(
    `import zipfile, sys
class Pipe:
    def write(self, data): return sys.stdout.buffer.write(data)
    def flush(self): sys.stdout.buffer.flush()
z = zipfile.ZipFile(Pipe(), 'w', zipfile.ZIP_DEFLATED)
z.writestr('dirty.txt', ${py(secret)})
z.close()`,
  );
  expect(archive.readUInt16LE(6) & 8).toBe(8);
  expect(namesAndTexts(redactContent(archive, { name: 'a.zip', redactor }))).toEqual({ 'dirty.txt': marker });
});

test('a zip64 archive is redacted', () => {
  const archive = pythonBytes(
    `import zipfile, io, sys
b = io.BytesIO()
z = zipfile.ZipFile(b, 'w', zipfile.ZIP_DEFLATED)
with z.open('dirty.txt', 'w', force_zip64=True) as f: f.write(${py(secret)}.encode())
z.close()
sys.stdout.buffer.write(b.getvalue())`,
  );
  expect(namesAndTexts(redactContent(archive, { name: 'a.zip', redactor }))).toEqual({ 'dirty.txt': marker });
});

test('an archive in base64 behind an escaped line end is redacted', () => {
  const base64 = writeZip({ 'notes.txt': secret }).toString('base64');
  const file = write('log.json', JSON.stringify(`line\n${base64}`));
  expect(redactFile(file, redactor)).toBe(true);
  const [, archive = ''] = (JSON.parse(readFileSync(file, 'utf8')) as string).split('\n');
  expect(namesAndTexts(Buffer.from(archive, 'base64'))).toEqual({ 'notes.txt': marker });
});

test('archives within archives are redacted: zip in zip in gzip, and base64 in HTML', () => {
  const inner = zipOf({ 'report.json': JSON.stringify({ title: `Fill "${secret}"` }) });
  const page = Buffer.from(`<template>data:application/zip;base64,${inner.toString('base64')}</template>`);
  const outer = zipOf({ 'data/inner.zip': inner });
  const packed = gunzipSync(redactContent(gzipSync(outer), { name: 'a.zip.gz', redactor }));
  const html = redactContent(page, { name: 'index.html', redactor }).toString();
  const [, base64 = ''] = /base64,([^<]*)</.exec(html) ?? [];
  for (const archive of [membersOf(packed)['data/inner.zip']!, Buffer.from(base64, 'base64')])
    expect(JSON.parse(namesAndTexts(archive)['report.json']!)).toEqual({ title: `Fill "${marker}"` });
});

for (const [what, bytes] of [
  ['zip', () => writeZip({ 'a.txt': 'a'.repeat(99) }).subarray(0, 60)],
  ['zip by its first bytes', () => Buffer.from('PK\u0003\u0004 and then more')],
  ['gzip', () => gzipSync('a'.repeat(9999)).subarray(0, 30)],
  ['zlib', () => deflateSync('a'.repeat(9999)).subarray(0, 20)],
] as const)
  test(`a damaged archive is left as it is, and is not clean when it shows a value: ${what}`, () => {
    const clean = path.join(folder, 'clean.bin');
    const dirty = path.join(folder, 'dirty.bin');
    writeFileSync(clean, bytes());
    writeFileSync(dirty, Buffer.concat([bytes(), Buffer.from(` ${secret} `)]));
    const before = [clean, dirty].map((file) => readFileSync(file));
    expect(redactFile(clean, redactor)).toBe(false);
    expect(() => redactFile(dirty, redactor)).toThrow('cannot be opened and that shows a secret');
    expect([clean, dirty].map((file) => readFileSync(file))).toEqual(before);
  });

test('the rest of an archive is redacted when one member of it cannot be', () => {
  const file = path.join(folder, 'a.zip');
  writeFileSync(file, writeZip({ 'a.txt': secret, 'b.zip': `PK\u0003\u0004 ${secret}` }));
  expect(() => redactFile(file, redactor)).toThrow('cannot be opened and that shows a secret');
  expect(namesAndTexts(readFileSync(file))).toMatchObject({ 'a.txt': marker });
});

for (const [name, pack, unpack] of [
  ['a.bin', deflateSync, inflateSync],
  ['b.bin', deflateRawSync, inflateRawSync],
  ['c.deflate', deflateRawSync, inflateRawSync],
  ['d.br', brotliCompressSync, brotliDecompressSync],
] as const)
  test(`a compressed stream is redacted and stays one: ${name}, as ${pack.name}`, () => {
    const clean = pack(Buffer.from('nothing, many times. '.repeat(20)));
    expect(redactContent(clean, { name, redactor })).toBe(clean);
    const dirty = redactContent(pack(Buffer.from(`a ${secret} b`)), { name, redactor });
    expect(unpack(dirty).toString()).toBe(`a ${marker} b`);
  });

test('text after a compressed stream is redacted and stays', () => {
  const content = Buffer.concat([deflateSync('nothing'), Buffer.from(`then ${secret}`)]);
  const redacted = redactContent(content, { name: 'object', redactor });
  expect(redacted.subarray(deflateSync('nothing').length).toString()).toBe(`then ${marker}`);
  expect(inflateSync(redacted).toString()).toBe('nothing');
});

test('an archive that expands without end is not clean, and is not written', () => {
  const zeros = Buffer.alloc(30_000_000);
  const limits = { smallestBytes: 1_000_000, ratio: 10 };
  for (const [name, bomb] of [
    ['a.zip', writeZip({ 'a.txt': secret, 'b.bin': zeros })],
    ['a.gz', gzipSync(zeros)],
    ['a.br', brotliCompressSync(zeros)],
    ['a.html', Buffer.from(`<i>${gzipSync(zeros).toString('base64')}</i>`)],
  ] as const) {
    const file = path.join(folder, name);
    writeFileSync(file, bomb);
    expect(() => redactFile(file, redactor, { limits }), name).toThrow('more than the limit');
    expect(readFileSync(file)).toEqual(bomb);
  }
});

test('a file that takes longer than the limit is not clean', () => {
  const file = path.join(folder, 'a.zip');
  writeFileSync(file, writeZip({ 'a.txt': 'a', 'b.txt': 'b', 'c.txt': 'c' }));
  let nowMs = 0;
  const later = () => (nowMs += 1000);
  expect(() => redactFile(file, redactor, { limits: { seconds: 3 }, nowMs: later })).toThrow(
    'its limit of 3 s',
  );
});

test('archives nested too deeply are not clean', () => {
  let archive = writeZip({ 'a.txt': secret });
  for (let depth = 0; depth < 7; depth += 1) archive = writeZip({ 'a.zip': archive });
  const file = path.join(folder, 'deep.zip');
  writeFileSync(file, archive);
  expect(() => redactFile(file, redactor)).toThrow('nested too deeply');
  expect(readFileSync(file)).toEqual(archive);
});

test('trace lines: titles and parameters hold short values and numbers, other lines stay byte by byte', () => {
  const clean = '{"type":"log",  "time":482915, "message":"ab12"}\n';
  const step = { type: 'before', title: 'Fill "ab12"', params: { value: 'ab12', code: 482915, x: 1.5 } };
  const trace = Buffer.from(`${clean}${JSON.stringify(step)}\n${JSON.stringify({ [secret]: secret })}\n`);
  const lines = redactContent(trace, { name: '0-trace.trace', redactor }).toString().split('\n');
  expect(lines[1] && JSON.parse(lines[1])).toEqual({
    type: 'before',
    title: 'Fill "[redacted:admin.pin]"',
    params: { value: '[redacted:admin.pin]', code: '[redacted:admin.code]', x: 1.5 },
  });
  expect(lines[0] && JSON.parse(lines[0])).toEqual(JSON.parse(clean));
  expect(lines[2] && JSON.parse(lines[2])).toEqual({ [marker]: marker });
  expect(lines[3]).toBe('');
});

const entry = {
  request: {
    headers: [
      { name: 'Cookie', value: `sid=unknown; theme=dark; known=${marker}` },
      { name: 'authorization', value: 'Bearer unknown' },
      { name: 'accept', value: 'text/html' },
    ],
    cookies: [{ name: 'sid', value: 'unknown', httpOnly: true }],
  },
  response: {
    headers: [
      {
        name: 'set-cookie',
        value: 'sid=unknown; Path=/; HttpOnly\nother=unknown2; Secure\ngone=; Max-Age=0',
      },
    ],
    cookies: [],
  },
};

for (const [name, write] of [
  [
    '0-trace.network',
    (document: object) => `${JSON.stringify({ type: 'resource-snapshot', snapshot: document })}\n`,
  ],
  [
    'run.har',
    (document: object) => JSON.stringify({ log: { version: '1.2', entries: [document] } }, undefined, 2),
  ],
] as const)
  test(`cookies and authorization in ${name} are redacted by their place, known or not`, () => {
    const redacted = redactContent(Buffer.from(write(entry)), { name, redactor }).toString();
    expect(redacted).not.toContain('unknown');
    for (const kept of [
      '"sid=[redacted:cookie sid]; theme=[redacted:cookie theme]; known=[redacted:admin.password]"',
      '"[redacted:authorization]"',
      '"sid=[redacted:cookie sid]; Path=/; HttpOnly\\nother=[redacted:cookie other]; Secure\\ngone=; Max-Age=0"',
      'text/html',
      'httpOnly',
    ])
      expect(redacted).toContain(kept);
    const again = Buffer.from(redacted);
    expect(redactContent(again, { name, redactor })).toBe(again);
  });

test('content in base64 within a HAR file is redacted and stays base64', () => {
  const content = { encoding: 'base64', text: Buffer.from(`xy${secret}`).toString('base64') };
  const har = Buffer.from(JSON.stringify({ log: { version: '1.2', entries: [{ response: { content } }] } }));
  const redacted = JSON.parse(redactContent(har, { name: 'a.har', redactor }).toString()) as {
    log: { entries: { response: { content: { text: string } } }[] };
  };
  const text = Buffer.from(redacted.log.entries[0]!.response.content.text, 'base64').toString();
  expect(text).toBe(`xy${marker}`);
});

function redactContent(content: Buffer, options: Pick<ContentOptions, 'name' | 'redactor'>): Buffer {
  const time = { isOver: () => false };
  return redactMetered(content, {
    ...options,
    meter: createScanMeter({ limits: defaultLimits, time, fileBytes: content.length }),
  });
}

function write(name: string, text: string): string {
  const file = path.join(folder, name);
  writeFileSync(file, text);
  return file;
}

function py(text: string): string {
  return JSON.stringify(text);
}

function python(script: string): string {
  return pythonBytes(script).toString();
}

function pythonBytes(script: string): Buffer {
  return execFileSync('python3', ['-c', script], {
    maxBuffer: 1 << 28,
    env: { ...process.env, PYTHONIOENCODING: 'utf8' },
  });
}

function zipOf(files: Readonly<Record<string, string | Buffer>>): Buffer {
  const entries = Object.entries(files).map(([name, content]) => [
    name,
    Buffer.from(content).toString('base64'),
  ]);
  return pythonBytes(
    `import zipfile, io, sys, base64
b = io.BytesIO()
z = zipfile.ZipFile(b, 'w', zipfile.ZIP_DEFLATED)
for name, content in ${JSON.stringify(entries)}: z.writestr(name, base64.b64decode(content))
z.close()
sys.stdout.buffer.write(b.getvalue())`,
  );
}

function membersOf(archive: Buffer): Record<string, Buffer> {
  const file = path.join(folder, 'read.zip');
  writeFileSync(file, archive);
  const answer = python(
    `import zipfile, json, base64
z = zipfile.ZipFile(${py(file)})
assert z.testzip() is None
print(json.dumps({n: base64.b64encode(z.read(n)).decode() for n in z.namelist()}))`,
  );
  const members = JSON.parse(answer) as Record<string, string>;
  return Object.fromEntries(
    Object.entries(members).map(([name, text]) => [name, Buffer.from(text, 'base64')]),
  );
}

function namesAndTexts(archive: Buffer): Record<string, string> {
  return Object.fromEntries(
    Object.entries(membersOf(archive)).map(([name, content]) => [name, content.toString()]),
  );
}

for (const [format, magic] of [
  ['xz', 'fd377a585a00'],
  ['bzip2', '425a6839'],
  ['7z', '377abcaf271c'],
  ['zstd', '28b52ffd'],
] as const)
  test(`a file in ${format} is not written into, under any name`, () => {
    const content = Buffer.concat([Buffer.from(magic, 'hex'), Buffer.from(` ${secret} \xff`, 'latin1')]);
    expect(redactContent(content, { name: 'notes.txt', redactor })).toBe(content);
  });
