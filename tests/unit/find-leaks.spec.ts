import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as zlib from 'node:zlib';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { checkLeaks } from '../../src/artifacts/check-leaks.js';
import { findLeaks, type FindLeaksOptions } from '../../src/artifacts/find-leaks.js';
import { failsRun, type Finding } from '../../src/artifacts/leak.js';
import { rewriteZip } from '../../src/artifacts/rewrite-zip.js';
import { createStreamSearch } from '../../src/artifacts/search-stream.js';
import { SecretValue } from '../../src/core/secret-value.js';
import { createRedactor } from '../../src/redaction/redactor.js';
import { writeZip as zip } from '../support/write-zip.js';

const secret = 'correct horse/battery';
const redactor = createRedactor();
redactor.add(new SecretValue(secret, 'admin.password'));
redactor.add(new SecretValue('482915', 'admin.code', { kind: 'code' }));

let folder: string;
test.beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'leaks-'));
});
test.afterEach(() => rmSync(folder, { recursive: true }));

test('reports which secret is in which file, its form and count, and never its value', async () => {
  write('a/report.json', JSON.stringify({ one: secret, two: encodeURIComponent(secret), three: [secret] }));
  write('b/clean.txt', 'nothing');
  const findings = await search();
  expect(findings).toEqual([
    {
      kind: 'leak',
      label: 'admin.password',
      file: file('a/report.json'),
      members: [],
      encoding: 'plain',
      count: 2,
    },
    {
      kind: 'leak',
      label: 'admin.password',
      file: file('a/report.json'),
      members: [],
      encoding: 'URI',
      count: 1,
    },
  ]);
  expect(JSON.stringify(findings)).not.toContain(secret);
});

test('a value that is cut by the ends of chunks is found once, wherever they are', () => {
  const text = Buffer.from(`${'x'.repeat(700)}${secret}${'y'.repeat(900)}&code=482915&${'z'.repeat(500)}`);
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 30 }), (sizes) => {
      const stream = createStreamSearch(redactor);
      const hits = [];
      for (let at = 0, index = 0; at < text.length; index++) {
        const size = sizes[index % sizes.length]!;
        hits.push(...stream.push(Buffer.from(text.subarray(at, at + size))));
        at += size;
      }
      hits.push(...stream.end());
      expect(hits.map(({ label }) => label)).toEqual(['admin.password', 'admin.code']);
    }),
    { seed: 20_300_103 },
  );
});

test('a part of a long number is no code where chunks meet', () => {
  for (let cut = 1; cut < 20; cut++) {
    const stream = createStreamSearch(redactor);
    const text = Buffer.from('time 1748291500000 end');
    const hits = [stream.push(text.subarray(0, cut)), stream.push(text.subarray(cut)), stream.end()];
    expect(hits.flat()).toEqual([]);
  }
});

test('opens zip in zip, gzip, and base64 archives in HTML, and names the way', async () => {
  const inner = zip({ 'deep.txt': secret });
  write('outer.zip', zip({ 'inner.zip': inner, 'page.html': `<i>base64,${inner.toString('base64')}</i>` }));
  write('log.gz', gzipSync(`a ${secret}`));
  const found = (await search()).map((finding) => [path.basename(finding.file), ...finding.members]);
  expect(found).toEqual([
    ['log.gz', '(gzip)'],
    ['outer.zip', 'inner.zip', 'deep.txt'],
    ['outer.zip', 'page.html', '(base64)', 'deep.txt'],
  ]);
});

test('opens an archive in base64 behind an escape, and none in the midst of base64', async () => {
  const base64 = zip({ 'deep.txt': secret }).toString('base64');
  const opened = ['line\\n', '\\\\t', '\\u000a', '\\x0A', '%0A', '\u001B[32m', '\\u001b[1;32m'];
  for (const [index, text] of opened.entries()) write(`${index}.txt`, text + base64);
  for (const [index, text] of ['a\\/', '%2B', 'an'].entries()) write(`inside-${index}.txt`, text + base64);
  write('seam.txt', `${'-'.repeat(1024 * 1024 - 6)}\\u000a${base64}`);
  write('seam.json', `${'-'.repeat(1024 * 1024 - 8)}\\u000a${base64}`);
  expect((await search()).map((one) => [path.basename(one.file), ...one.members].join(' '))).toEqual(
    [...opened.map((_, index) => `${index}.txt`), 'seam.json', 'seam.txt'].map(
      (name) => `${name} (base64) deep.txt`,
    ),
  );
});

for (const format of ['USTAR', 'GNU', 'PAX'])
  test(`opens what a tar archive holds, also within gzip: ${format}`, async () => {
    const long = `${'folder/'.repeat(16)}inner.txt.br`;
    const members = {
      'a.txt': 'a',
      'inner.zip': zip({ 'deep.txt': secret }),
      'é.gz': gzipSync(secret),
      [long]: brotliCompressSync(secret),
      'damaged.gz': gzipSync('a'.repeat(999)).subarray(0, 20),
    };
    write('a.tar', tar(members, format));
    write('b.tgz', gzipSync(tar(members, format)));
    expect(
      (await search()).map(({ file, members, kind }) => [path.basename(file), ...members, kind]),
    ).toEqual(
      [['a.tar'], ['b.tgz', '(gzip)']].flatMap((way) => [
        [...way, 'inner.zip', 'deep.txt', 'leak'],
        [...way, 'é.gz', '(gzip)', 'leak'],
        [...way, long, '(brotli)', 'leak'],
        [...way, 'damaged.gz', '(gzip)', 'unsearched'],
      ]),
    );
  });

test('opens a zip archive behind other bytes, also where more follows', async () => {
  const archive = zip({ 'deep.txt': secret });
  const script = Buffer.concat([Buffer.from('#!/bin/sh\n'), archive]);
  const picture = Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), Buffer.alloc(2 ** 21, 1), archive]);
  write('a.sh', script);
  write('b.png', picture);
  write('c.txt', Buffer.concat([script, Buffer.from('\nexit\n')]));
  write('d.gz', gzipSync(script));
  write('e.txt', `no archive: PK\u0005\u0006 ${'-'.repeat(70_000)}`);
  write('f.zip', zip({ 'large.bin': picture, 'next.txt': secret }));
  expect(
    (await search({ limits: { memoryBytes: 2 ** 20 } })).map((one) =>
      [path.basename(one.file), ...one.members, one.kind].join(' '),
    ),
  ).toEqual([
    'a.sh deep.txt leak',
    'b.png deep.txt leak',
    'c.txt deep.txt leak',
    'd.gz (gzip) deep.txt leak',
    'f.zip large.bin unsearched',
    'f.zip next.txt leak',
  ]);
});

test('reports a tar archive that could not be searched to its end', async () => {
  const archive = tar({ 'a.txt': 'a'.repeat(2000), 'b.txt': 'b' });
  const damaged = Buffer.from(archive);
  damaged.write('7', 512 + 2048 + 1);
  write('cut.tar', archive.subarray(0, 1500));
  write('damaged.tar', damaged);
  write('negative.tar', withSize('-1000', archive));
  write('zeros.tar', Buffer.concat([archive, Buffer.alloc(4096), tar({ 'c.gz': gzipSync(secret) })]));
  expect((await search()).map((one) => [path.basename(one.file), ...one.members, one.kind])).toEqual([
    ['cut.tar', 'unsearched'],
    ['damaged.tar', 'unsearched'],
    ['negative.tar', 'unsearched'],
    ['zeros.tar', 'c.gz', '(gzip)', 'leak'],
  ]);
});

for (const [name, pack, way] of [
  ['a.bin', deflateSync, '(zlib)'],
  ['b.bin', deflateRawSync, '(deflate)'],
  ['c.deflate', deflateRawSync, '(deflate)'],
  ['d.txt.br', brotliCompressSync, '(brotli)'],
] as const)
  test(`opens a compressed stream: ${name} as ${way}, and an archive in it`, async () => {
    write(name, pack(Buffer.from(`a ${secret}`.repeat(3))));
    write(`zip/${name}`, zip({ [name]: pack(zip({ 'deep.txt': secret })) }));
    const found = (await search()).map((finding) => [...finding.members, finding.kind]);
    expect(found).toEqual([
      [way, 'leak'],
      [name, way, 'deep.txt', 'leak'],
    ]);
  });

test('opens raw deflate that is larger than a chunk', async () => {
  const noise = Buffer.from(Array.from({ length: 200_000 }, (_, at) => `${at * 7919} `).join(''));
  const packed = deflateRawSync(Buffer.concat([noise, Buffer.from(secret), noise]), { level: 1 });
  write('large.bin', packed);
  expect(packed.length).toBeGreaterThan(1_100_000);
  expect(await search()).toMatchObject([{ kind: 'leak', members: ['(deflate)'] }]);
});

test('takes neither texts nor pictures for compressed streams', async () => {
  write('a.txt', 'x^2 + y^2 = z^2, and x\u0001 is a sign');
  write('b.png', Buffer.from('89504e470d0a1a0a0000000d49484452ffd8ffe0', 'hex'));
  write('c.webm', Buffer.from('1a45dfa39f4286810142f7810142f2810442f381', 'hex'));
  write('d.bin', Buffer.from([0x4b, 0xff, 0x01, 0x80]));
  expect(await search()).toEqual([]);
});

for (const [format, magic] of [
  ['xz', 'fd377a585a00'],
  ['bzip2', '425a6839'],
  ['7z', '377abcaf271c'],
  ['rar', '526172211a07'],
  ['lz4', '04224d18'],
  ['lzip', '4c5a495001'],
  ['compress', '1f9d90'],
  ['cabinet', '4d53434600000000'],
] as const)
  test(`reports that ${format} could not be searched`, async () => {
    write('a.bin', Buffer.concat([Buffer.from(magic, 'hex'), Buffer.alloc(20, 0xff)]));
    expect(await search()).toMatchObject([{ kind: 'unsearched', reason: `it is compressed with ${format}` }]);
  });

test('opens zstd where this Node can, and reports it elsewhere', async () => {
  const { zstdCompressSync } = zlib as unknown as { zstdCompressSync?: (content: Buffer) => Buffer };
  const packed = zstdCompressSync?.(Buffer.from(secret)) ?? Buffer.from('28b52ffd2000', 'hex');
  write('a.zst', packed);
  write('b.zst', Buffer.concat([Buffer.from('502a4d1800000000', 'hex'), packed]));
  const kind = zstdCompressSync ? 'leak' : 'unsearched';
  expect((await search()).map((finding) => finding.kind)).toEqual([kind, kind]);
});

for (const [what, bytes] of [
  ['zlib', () => deflateSync('a'.repeat(9999), { level: 0 }).subarray(0, 60)],
  ['brotli', () => brotliCompressSync(Buffer.from('a'.repeat(9999))).subarray(0, 9)],
] as const)
  test(`reports that damaged ${what} could not be searched`, async () => {
    write(what === 'brotli' ? 'a.br' : 'a.bin', bytes());
    expect(await search()).toMatchObject([
      { kind: 'unsearched', reason: expect.stringMatching(/^it looks like an archive, but /) },
    ]);
  });

test('opens members and base64 that are larger than a chunk, in streams when they are larger than memory allows', async () => {
  const filler = Buffer.alloc(3_000_000, 'lorem ipsum dolor ');
  const archive = zip({ 'large.txt': Buffer.concat([filler, Buffer.from(secret), filler]) });
  write('large.zip', archive);
  write('index.html', `<i>${'x'.repeat(1_048_570)} ${archive.toString('base64')}</i>`);
  expect((await search()).map(({ members }) => members)).toEqual([['(base64)', 'large.txt'], ['large.txt']]);
  const limits = { memoryBytes: 100_000 };
  expect((await search({ roots: [file('large.zip')], limits })).map(({ kind }) => kind)).toEqual(['leak']);
});

for (const [what, bytes, reason] of [
  ['an encrypted member', () => encrypted(), 'encrypted'],
  ['a truncated archive', () => zip({ 'a.txt': 'a'.repeat(9999) }).subarray(0, 60), 'truncated'],
  [
    'a damaged gzip',
    () => Buffer.concat([gzipSync('a'.repeat(9999)).subarray(0, 30), Buffer.alloc(9)]),
    'Z_|invalid|unexpected',
  ],
  ['an archive that expands without end', () => zip({ 'bomb.bin': Buffer.alloc(30_000_000) }), 'limit'],
] as const)
  test(`reports that ${what} could not be searched`, async () => {
    write('odd.bin', bytes());
    const findings = await search({ limits: { expandedBytes: 10_000_000 } });
    expect(findings.map(({ kind }) => kind)).toEqual(['unsearched']);
    expect(findings[0]?.kind === 'unsearched' && findings[0].reason).toMatch(new RegExp(reason));
  });

test('an archive that holds itself many times over is stopped at a multiple of its size', async () => {
  let bomb = zip({ 'zeros.bin': Buffer.alloc(1_000_000) });
  for (let depth = 0; depth < 3; depth++)
    bomb = zip(Object.fromEntries(Array.from({ length: 10 }, (_, at) => [`${at}.zip`, bomb] as const)));
  write('bomb.zip', bomb);
  write('clean.txt', secret);
  let bytes = 0;
  const onProgress = (progress: { bytes: number }) => (bytes = progress.bytes);
  const limits = { ratio: 10, smallestBytes: 5_000_000 };
  expect(await search({ limits, onProgress })).toMatchObject([
    {
      kind: 'unsearched',
      file: file('bomb.zip'),
      stopped: true,
      reason: expect.stringMatching(/more than the limit of \d+ MB/),
    },
    { kind: 'leak', file: file('clean.txt') },
  ]);
  expect(bytes).toBeLessThan(6_500_000);
});

test('an archive of too many members, and a text of too many beginnings of one, are stopped', async () => {
  write('a.zip', zip(Object.fromEntries(Array.from({ length: 30 }, (_, at) => [`${at}.txt`, 'a'] as const))));
  write('b.txt', 'UEsDBA '.repeat(30));
  expect(await search({ limits: { entries: 20 } })).toMatchObject([
    { stopped: true, reason: 'its archives have more members than the limit of 20' },
    { stopped: true, reason: 'its archives have more members than the limit of 20' },
  ]);
});

test('a search ends in time, names what it has not searched, and fails the run', async () => {
  write('a.txt', secret);
  write('b.txt', 'a'.repeat(3_000_000));
  write('c/482915.txt', secret);
  let nowMs = 0;
  const onProgress = () => (nowMs += 1000);
  const found = await search({ nowMs: () => nowMs, onProgress, limits: { seconds: 3 } });
  const stopped = { kind: 'unsearched', stopped: true, reason: 'the search stopped at its limit of 3 s' };
  expect(found).toMatchObject([
    { kind: 'leak', file: file('a.txt') },
    { ...stopped, file: file('b.txt') },
    { ...stopped, file: file('c/[redacted:admin.code].txt') },
    { kind: 'leak', encoding: 'plain in the name' },
  ]);
  expect(found.map(failsRun)).toEqual([true, true, true, true]);
});

test('a file that is redacted after the time is over is not taken for clean', async () => {
  write('a.txt', secret);
  let nowMs = 0;
  const repair = (path_: string) => {
    writeFileSync(path_, 'redacted');
    nowMs = 9000;
    return Promise.resolve(true);
  };
  const quarantineFolder = file('quarantine');
  const options = { roots: [folder], redactor, onLeak: 'quarantine', quarantineFolder } as const;
  const checked = await checkLeaks({ ...options, repair, nowMs: () => nowMs, limits: { seconds: 3 } });
  expect(checked.findings).toMatchObject([{ stopped: true }]);
});

test('a file that cannot be opened is reported, and fails no run', async () => {
  write('odd.bin', encrypted());
  expect((await search()).map(failsRun)).toEqual([false]);
});

test('archives nested too deeply fail the run', async () => {
  let archive = zip({ 'a.txt': 'a' });
  for (let depth = 0; depth < 4; depth++) archive = zip({ 'a.zip': archive });
  write('deep.zip', archive);
  expect(await search({ limits: { depth: 2 } })).toMatchObject([{ kind: 'unsearched', stopped: true }]);
});

test('does not follow symbolic links, and passes over what is not there', async () => {
  test.skip(process.platform === 'win32', 'links need a privilege there');
  const outside = mkdtempSync(path.join(tmpdir(), 'outside-'));
  writeFileSync(path.join(outside, 'secret.txt'), secret);
  symlinkSync(outside, path.join(folder, 'link'));
  symlinkSync(path.join(outside, 'secret.txt'), path.join(folder, 'link.txt'));
  expect(await search({ roots: [folder, file('absent')] })).toEqual([]);
  rmSync(outside, { recursive: true });
});

test('a secret in the name of a file is found, and not shown', async () => {
  write('482915.txt', 'nothing');
  expect(await search()).toMatchObject([
    { label: 'admin.code', file: file('[redacted:admin.code].txt'), encoding: 'plain in the name' },
  ]);
});

test('the folders that a search begins below, and plain words of titles, are no secrets in names', async () => {
  const known = createRedactor();
  known.add(new SecretValue(path.basename(folder), 'admin.username'));
  known.add(new SecretValue('customer', 'customer.username'));
  known.add(new SecretValue('trace.zip', 'customer.password'));
  write('customer-books-a-room/trace.zip.txt', 'nothing');
  expect(await search({ redactor: known })).toEqual([]);
});

test('reports progress, and stops at a signal', async () => {
  write('a.txt', 'a'.repeat(100));
  write('b.txt', 'b');
  const progress: number[] = [];
  await search({ onProgress: ({ bytes }) => progress.push(bytes) });
  expect(progress.at(-1)).toBe(101);
  const controller = new AbortController();
  const stopped = search({
    signal: controller.signal,
    onProgress: () => controller.abort(new Error('enough')),
  });
  await expect(stopped).rejects.toThrow('enough');
});

test('moves what leaks to the quarantine folder, for this user only, and leaves the rest', async () => {
  write('results/a/trace.txt', secret);
  write('results/b.txt', 'nothing');
  chmodSync(file('results/a/trace.txt'), 0o644);
  const quarantineFolder = file('results/quarantine');
  const options = { roots: [file('results')], redactor, onLeak: 'quarantine' as const, quarantineFolder };
  const { findings, removed } = await checkLeaks(options);
  expect(findings).toHaveLength(1);
  const to = path.join(quarantineFolder, 'results/a/trace.txt');
  expect(removed).toEqual([{ from: file('results/a/trace.txt'), to }]);
  expect([existsSync(file('results/a/trace.txt')), existsSync(file('results/b.txt'))]).toEqual([false, true]);
  expect(readFileSync(to, 'utf8')).toBe(secret);
  if (process.platform !== 'win32')
    expect([statSync(to).mode & 0o777, statSync(quarantineFolder).mode & 0o777]).toEqual([0o600, 0o700]);
  expect((await checkLeaks(options)).findings).toEqual([]);
  write('results/a/trace.txt', secret);
  expect((await checkLeaks(options)).removed[0]?.to).toBe(
    path.join(quarantineFolder, 'results/a/trace-2.txt'),
  );
});

test('a failure at one file is reported, and the others are searched and removed', async () => {
  for (const name of ['a.txt', 'b.txt', 'c.txt']) write(name, secret);
  const broken = new Error('the disk is full');
  const repair = (one: string) => (one === file('a.txt') ? Promise.reject(broken) : Promise.resolve(false));
  const options = { roots: [folder], redactor, onLeak: 'delete', quarantineFolder: file('q') } as const;
  const { findings, removed, failures } = await checkLeaks({ ...options, repair });
  expect(failures).toEqual([broken]);
  expect(findings).toHaveLength(3);
  expect(removed).toHaveLength(3);
});

test('deletes what leaks on request', async () => {
  write('a.txt', secret);
  const { removed } = await checkLeaks({
    roots: [folder],
    redactor,
    onLeak: 'delete',
    quarantineFolder: file('q'),
  });
  expect(removed).toEqual([{ from: file('a.txt'), to: undefined }]);
  expect([existsSync(file('a.txt')), existsSync(file('q'))]).toEqual([false, false]);
});

async function search(options: Partial<FindLeaksOptions> = {}): Promise<Finding[]> {
  const findings: Finding[] = [];
  for await (const finding of findLeaks({ roots: [folder], redactor, ...options })) findings.push(finding);
  return findings;
}

function file(name: string): string {
  return path.join(folder, name);
}

function write(name: string, content: string | Buffer): void {
  mkdirSync(path.dirname(file(name)), { recursive: true });
  writeFileSync(file(name), content);
}

/** Made by another writer. */
/** The flag alone: nothing more is looked at. */
/** An archive of these files, written by another program. */
function tar(files: Readonly<Record<string, string | Buffer>>, format = 'USTAR'): Buffer {
  const contents = Object.entries(files).map(([name, content]) => [
    name,
    Buffer.from(content).toString('base64'),
  ]);
  const script = `import base64, io, json, sys, tarfile
archive = tarfile.open(fileobj=sys.stdout.buffer, mode='w|', format=tarfile.${format}_FORMAT)
for name, content in json.load(sys.stdin):
    member = tarfile.TarInfo(name)
    member.size = len(base64.b64decode(content))
    archive.addfile(member, io.BytesIO(base64.b64decode(content)))
archive.close()`;
  return execFileSync('python3', ['-c', script], { input: JSON.stringify(contents) });
}

/** The first header of a tar archive with another size, and its sum. */
function withSize(size: string, archive: Buffer): Buffer {
  const header = Buffer.from(archive.subarray(0, 512));
  header.write(size.padEnd(12, '\0'), 124);
  header.write(' '.repeat(8), 148);
  header.write(
    `${header
      .reduce((sum, byte) => sum + byte, 0)
      .toString(8)
      .padStart(6, '0')}\0 `,
    148,
  );
  return Buffer.concat([header, archive.subarray(512)]);
}

function encrypted(): Buffer {
  const archive = zip({ 'a.txt': 'a' });
  const directory = archive.indexOf('PK\u0001\u0002');
  archive.writeUInt16LE(archive.readUInt16LE(directory + 8) | 1, directory + 8);
  const rewrite = { name: (name: string) => name, opens: () => true, content: () => Buffer.from('b') };
  expect(rewriteZip(archive, rewrite)).toBe(archive);
  return archive;
}
