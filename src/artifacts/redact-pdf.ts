import { deflateSync } from 'node:zlib';
import type { Redactor } from '../redaction/redactor.js';
import { replaceInBytes } from '../redaction/replace-hits.js';
import { parsePdf, type PdfStream } from './pdf-document.js';
import { readFonts, type PdfFonts, type PdfMeter } from './pdf-fonts.js';
import { readPdfStrings, readPdfText, type PdfGlyph } from './pdf-text.js';

/**
 * Redacts a PDF file; returns the same buffer if it shows no known secret. Offsets and lengths stay, so the file still
 * opens: the page shows gaps or boxes. A stream that no longer fits is emptied. An encrypted file stays unchanged.
 */
export function redactPdf(file: Buffer, redactor: Redactor, meter: PdfMeter): Buffer {
  const document = parsePdf(file, mostBytes);
  if (document.isEncrypted) return file;
  const fonts = readFonts(document, meter);
  const strings = (bytes: Buffer) =>
    redactBytes(redactText(bytes, readPdfStrings(bytes), redactor), redactor);
  const parts = document.between.flatMap((part, index) => {
    const stream = document.streams[index];
    if (!stream) return [strings(part)];
    return [
      strings(part),
      redactStream(file.subarray(stream.start, stream.end), stream, { fonts, redactor }),
    ];
  });
  const redacted = Buffer.concat(parts);
  return redacted.equals(file) ? file : redacted;
}

function redactStream(
  packed: Buffer,
  { content, dictionary, hasObjects }: PdfStream,
  { fonts, redactor }: { readonly fonts: PdfFonts; readonly redactor: Redactor },
): Buffer {
  if (content === undefined) return packed;
  const readings = [...readPdfText(content, fonts), ...(hasObjects ? readPdfStrings(content) : [])];
  const redacted = redactBytes(redactText(content, readings, redactor), redactor);
  if (redacted.equals(content)) return packed;
  if (!/\/Filter\b/.test(dictionary)) return redacted;
  const fitting = [redacted, Buffer.alloc(content.length, ' '), Buffer.alloc(0)]
    .map((one) => deflateSync(one, { level: 9 }))
    .find(({ length }) => length <= packed.length);
  // Readers ignore bytes after the end of packed data.
  return Buffer.concat([fitting ?? Buffer.alloc(0), Buffer.alloc(packed.length, '\n')], packed.length);
}

/** Repeats until nothing is left: a value may begin within another. */
function redactBytes(bytes: Buffer, redactor: Redactor): Buffer {
  const hits = redactor.search(bytes);
  if (hits.length === 0) return bytes;
  const replaced = replaceInBytes(bytes, hits);
  return replaced.equals(bytes) ? bytes : redactBytes(replaced, redactor);
}

function redactText(content: Buffer, readings: readonly PdfGlyph[][], redactor: Redactor): Buffer {
  let redacted = content;
  for (const glyphs of readings) {
    const shown = glyphs.map(({ text }) => Buffer.from(text));
    for (const { start, end } of redactor.search(Buffer.concat(shown))) {
      if (redacted === content) redacted = Buffer.from(content);
      let at = 0;
      for (const [index, glyph] of glyphs.entries()) {
        const next = at + (shown[index]?.length ?? 0);
        if (next > start && at < end) blank(redacted, glyph);
        at = next;
      }
    }
  }
  return redacted;
}

/** Code 0 is not a character of a font; an escape stays one byte of its string. */
function blank(content: Buffer, { from, to, isHex }: PdfGlyph): void {
  if (isHex) content.fill('0', from, to);
  else for (let at = from; at < to; at += 1) at = blankLiteral(content, at, to);
}

/** Returns the offset of its last byte. */
function blankLiteral(content: Buffer, at: number, to: number): number {
  if (content[at] !== backslash) {
    content[at] = asterisk;
    return at;
  }
  const digits =
    /^[0-7]{1,3}/.exec(content.toString('latin1', at + 1, Math.min(to, at + 4)))?.[0].length ?? 0;
  if (digits < 2) content[at + 1] = asterisk;
  else content.write('052'.slice(3 - digits), at + 1, 'latin1');
  return at + Math.max(1, digits);
}

const backslash = 0x5c;
const asterisk = 0x2a;
const mostBytes = 256 * 1024 * 1024;
