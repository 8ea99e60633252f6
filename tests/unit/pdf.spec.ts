import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { deflateSync } from 'node:zlib';
import { expect, test } from '@playwright/test';
import { findLeaks } from '../../src/artifacts/find-leaks.js';
import type { Leak } from '../../src/artifacts/leak.js';
import { redactBuffer } from '../../src/artifacts/redact-file.js';
import { createRedactor } from '../../src/redaction/redactor.js';
import { SecretValue } from '../../src/core/secret-value.js';
import { test as withFolder } from '../support/store/temporary-folder.js';

const secret = 'correct (horse)/bättery';
const redactor = createRedactor();
redactor.add(new SecretValue(secret, 'admin.password'));

const find = async (folder: string, pdf: Buffer, limits = {}) => {
  const file = path.join(folder, 'page.pdf');
  await writeFile(file, pdf);
  const found: string[] = [];
  for await (const finding of findLeaks({ roots: [file], redactor, limits }))
    found.push(finding.kind === 'leak' ? describe(finding) : finding.reason);
  return found;
};
const describe = ({ label, encoding, count }: Leak) =>
  `${label} (${encoding})${count === 1 ? '' : `, ${count} times`}`;
const redact = (pdf: Buffer) => redactBuffer(pdf, { name: 'page.pdf', redactor });

const shown = {
  'in parentheses, escaped': String.raw`(correct \(horse\)/b\344ttery) Tj`,
  'in parentheses, in pairs': String.raw`(correct (horse)/b\344ttery) Tj`,
  'in hexadecimal': `<${Buffer.from(secret, 'latin1').toString('hex')}> Tj`,
  'with kerning': String.raw`[(corr) -20 (ect \(ho) 12 (rse\)/b\344) (ttery)] TJ`,
  'over lines': String.raw`(correct) Tj 0 -12 Td (\(horse\)/b\344ttery) Tj`,
  'as what other signs are': String.raw`/Span <</ActualText (correct \(horse\)/b\344ttery)>> BDC (xyz) Tj EMC`,
  'in UTF-16': `<feff${Buffer.from(secret, 'utf16le').swap16().toString('hex')}> Tj`,
};

for (const [how, operators] of Object.entries(shown))
  withFolder(`a value that a page shows ${how} is found and redacted`, async ({ folder }) => {
    const pdf = file(stream(`BT /F1 12 Tf (Before) Tj ${operators} (after) Tj ET`));
    expect(await find(folder, pdf)).toContainEqual(expect.stringMatching(/^admin.password .* on a page/));
    const redacted = redact(pdf);
    expect(redacted).toHaveLength(pdf.length);
    expect(await find(folder, redacted)).toEqual([]);
    expect(redact(redacted)).toBe(redacted);
  });

withFolder(
  'strings of dictionaries are read as PDF writes them, also in object streams',
  async ({ folder }) => {
    const utf16 = Buffer.from(secret, 'utf16le').swap16().toString('hex');
    const dictionary = String.raw`<</A (correct \(horse\)/b\344ttery) /Title <FEFF${utf16}>>>`;
    const packed = stream(`5 0 ${dictionary}`, '/Type /ObjStm /N 1 /First 4');
    for (const pdf of [file(`3 0 obj\n${dictionary}\nendobj\n`), file(packed)]) {
      expect(await find(folder, pdf)).toEqual(['admin.password (plain), 2 times']);
      const redacted = redact(pdf);
      expect(redacted).toHaveLength(pdf.length);
      expect(await find(folder, redacted)).toEqual([]);
    }
  },
);

withFolder('maps and fonts made to wear out the search end, at its limits', async ({ folder }) => {
  const shows = (map: string, fonts = '') =>
    file(
      `1 0 obj <</Font <</F1 2 0 R ${fonts}>>>> endobj 2 0 obj <</ToUnicode 10 0 R>> endobj\n` +
        `10 0 obj <</Length ${map.length}>>\nstream\n${map}\nendstream endobj\n` +
        stream(`BT /F1 12 Tf (correct \\(horse\\)/b\\344ttery) Tj ET`),
    );
  const halfByte = shows('begincodespacerange <0> <f> endcodespacerange');
  expect(await find(folder, halfByte)).toContainEqual(expect.stringMatching(/^admin\.password/));
  const ranges = shows(`beginbfrange ${'<0000> <ffff> <0041> '.repeat(20_000)} endbfrange`);
  await find(folder, ranges);
  const names = Array.from({ length: 200_000 }, (_, index) => `/N${index} 2 0 R`).join(' ');
  expect(await find(folder, shows('', names))).toContainEqual(expect.stringMatching(/^admin\.password/));
});

withFolder('a font is read by its map, and a name by every font that has it', async ({ folder }) => {
  const map = (shift: number) =>
    stream(`begincodespacerange <0000> <FFFF> endcodespacerange
      1 beginbfrange <${hex(shift)}> <${hex(shift + 255)}> <0000> endbfrange`);
  const fonts = `1 0 obj <</Font <</F1 2 0 R>>>> endobj 2 0 obj <</ToUnicode 10 0 R>> endobj
    3 0 obj <</Font <</F1 4 0 R>>>> endobj 4 0 obj <</ToUnicode 11 0 R>> endobj\n`;
  for (const shift of [0x100, 0x2000]) {
    const codes = Array.from(secret, (sign) => hex(sign.charCodeAt(0) + shift)).join('');
    const maps = [map(0x100), map(0x2000).replace(/^7 0/, '11 0')].map((one) => one.replace(/^7 0/, '10 0'));
    const pdf = file(fonts, ...maps, stream(`BT /F1 9 Tf <${codes}> Tj ET`));
    expect(await find(folder, pdf)).toEqual(['admin.password (plain on a page)']);
    expect(await find(folder, redact(pdf))).toEqual([]);
  }
});

withFolder('what cannot be read is reported', async ({ folder }) => {
  const encrypted = file('trailer\n<</Size 3 /Encrypt 9 0 R>>\n');
  expect(await find(folder, encrypted)).toEqual(['it is encrypted']);
  expect(redact(encrypted)).toBe(encrypted);
  const damaged = file('7 0 obj\n<</Filter /FlateDecode /Length 4>>\nstream\nabcd\nendstream\nendobj\n');
  expect(await find(folder, damaged)).toEqual(['it is damaged or too large (Z_DATA_ERROR)']);
  const other = file('7 0 obj\n<</Filter [/ASCII85Decode /LZWDecode]>>\nstream\nabcd\nendstream\nendobj\n');
  expect(await find(folder, other)).toEqual(['it is compressed with ASCII85Decode and LZWDecode']);
});

withFolder('a file that is made to wear the search out ends it soon', async ({ folder }) => {
  const long = file(stream(`(${' '.repeat(3_000_000)}) Tj`));
  expect(await find(folder, long)).toEqual(['its text is too long to read']);
  const tooLarge = 'it is damaged or too large (ERR_BUFFER_TOO_LARGE)';
  expect(await find(folder, long, { memoryBytes: 1_000_000 })).toEqual([tooLarge]);
});

test('a file that begins like one and is none is redacted as bytes', () => {
  const text = Buffer.from('%PDF is a format; the password is correct (horse)/bättery');
  expect(redact(text).toString()).not.toContain('horse');
});

/** Object 7. */
function stream(content: string, dictionary = ''): string {
  const packed = deflateSync(Buffer.from(content, 'latin1'), { level: 1 });
  return `7 0 obj\n<<${dictionary} /Filter /FlateDecode /Length ${packed.length}>>\nstream\n${packed.toString('latin1')}\nendstream\nendobj\n`;
}

function file(...parts: readonly string[]): Buffer {
  return Buffer.from(`%PDF-1.7\n${parts.join('')}%%EOF\n`, 'latin1');
}

function hex(code: number): string {
  return code.toString(16).padStart(4, '0');
}
