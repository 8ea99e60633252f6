import { mostOfName, plainFont, type PdfFont, type PdfFonts } from './pdf-fonts.js';

/**
 * A character that a page shows, and the place of its code in the page's content. Without a place, it is a space
 * between lines.
 */
export interface PdfGlyph {
  readonly text: string;
  readonly from: number;
  readonly to: number;
  readonly isHex: boolean;
}

/**
 * The text that a content stream (ISO 32000-2 section 9.4) shows, character by character, in each possible reading: a
 * name may mean any font of the file, and a line may end with a space or not. Empty for a stream without text or with
 * too much.
 */
export function readPdfText(content: Buffer, fonts: PdfFonts): PdfGlyph[][] {
  const text = content.length > longestText ? '' : content.toString('latin1');
  if (!/\bT[jJ]\b|[)>]\s*['"]/.test(text)) return [];
  let choices = 1;
  for (const { length } of fonts.values()) choices = Math.min(mostOfName, Math.max(choices, length));
  const readings: PdfGlyph[][] = [];
  for (let choice = 0; choice < choices; choice += 1) {
    const lines = readLines(text, (name) => {
      const known = fonts.get(name) ?? [];
      return known[choice % Math.max(1, known.length)] ?? plainFont;
    });
    readings.push(lines.flat());
    if (lines.length > 1) readings.push(lines.flatMap((line) => [...line, lineEnd]));
  }
  return readings;
}

/** The strings of dictionaries, such as a title or a link's address, in one reading each. */
export function readPdfStrings(content: Buffer): PdfGlyph[][] {
  const text = content.length > longestText ? '' : content.toString('latin1');
  const glyphs: PdfGlyph[] = [];
  string.lastIndex = 0;
  for (let found = string.exec(text); found; found = string.exec(text)) {
    const { bytes, end } = readString(text, found);
    string.lastIndex = end;
    for (const glyph of readCodes(bytes, plainFont)) glyphs.push(glyph);
    glyphs.push(lineEnd);
  }
  return glyphs.length === 0 ? [] : [glyphs];
}

function readLines(text: string, fontOf: (name: string) => PdfFont): PdfGlyph[][] {
  let font = plainFont;
  let line: PdfGlyph[] = [];
  let isActual = false; // the next string is the text of the characters up to `EMC`
  let isSaid = false;
  const lines = [line];
  token.lastIndex = 0;
  for (let found = token.exec(text); found; found = token.exec(text)) {
    const [whole, name, , vertical] = found;
    if (name !== undefined) font = fontOf(name);
    else if (whole.startsWith('/')) isActual = true;
    else if (whole === 'EMC') isSaid = false;
    else if (/^[<(]/.test(whole)) {
      const { bytes, end } = readString(text, found);
      token.lastIndex = end;
      const glyphs = readCodes(bytes, isActual ? plainFont : font);
      for (const glyph of glyphs) line.push(isSaid ? { ...glyph, text: '' } : glyph);
      isSaid ||= isActual;
      isActual = false;
    } else if (vertical === undefined || Number(vertical) !== 0) {
      line = [];
      lines.push(line);
    }
  }
  return lines.filter(({ length }) => length > 0);
}

/** A byte of a string, and its place. */
interface StringByte {
  readonly value: number;
  readonly from: number;
  readonly to: number;
  readonly isHex: boolean;
}

function readString(
  text: string,
  { 0: whole, index }: RegExpExecArray,
): { bytes: StringByte[]; end: number } {
  if (whole !== '(') return { bytes: readHex(whole.slice(1, -1), index + 1), end: index + whole.length };
  const bytes = readLiteral(text, index + 1);
  return { bytes, end: (bytes.at(-1)?.to ?? index + 1) + 1 };
}

function readHex(hex: string, at: number): StringByte[] {
  return [...hex.matchAll(/[0-9A-Fa-f]\s*[0-9A-Fa-f]?/g)].map(({ 0: digits, index }) => ({
    value: parseInt(digits.replaceAll(/\s/g, '').padEnd(2, '0'), 16),
    from: at + index,
    to: at + index + digits.length,
    isHex: true,
  }));
}

/** Decodes with the font's codes, or as UTF-16 if the string begins as such. */
function readCodes(bytes: readonly StringByte[], font: PdfFont): PdfGlyph[] {
  const isUtf16 = bytes[0]?.value === 0xfe && bytes[1]?.value === 0xff;
  const { codeBytes, textOf } = isUtf16 ? utf16 : font;
  const glyphs: PdfGlyph[] = [];
  for (let index = isUtf16 ? 2 : 0; index < bytes.length;) {
    const isHigh = isUtf16 && ((bytes[index]?.value ?? 0) & 0xfc) === 0xd8;
    const own = bytes.slice(index, index + (isHigh ? 4 : codeBytes));
    const code = own.reduce((sum, { value }) => sum * 256 + value, 0);
    const [first, last] = [own[0], own.at(-1)];
    if (first && last)
      glyphs.push({ text: plainLetters(textOf(code)), from: first.from, to: last.to, isHex: first.isHex });
    index += Math.max(1, own.length);
  }
  return glyphs;
}

/** Replaces a ligature by its letters. */
function plainLetters(text: string): string {
  return text.replaceAll(/[\ufb00-\ufb4f]/g, (ligature) => ligature.normalize('NFKC'));
}

const utf16: PdfFont = {
  codeBytes: 2,
  textOf: (code) =>
    code > 0xffff ? String.fromCharCode(code >>> 16, code & 0xffff) : String.fromCharCode(code),
};

/** Reads to the closing parenthesis: inner ones are paired or escaped. */
function readLiteral(text: string, from: number): StringByte[] {
  const bytes: StringByte[] = [];
  let depth = 0;
  for (let at = from; at < text.length;) {
    const sign = text[at] ?? '';
    if (sign === ')' && depth === 0) break;
    depth += sign === '(' ? 1 : sign === ')' ? -1 : 0;
    const escape =
      sign === '\\' ? (/^\\(?:[0-7]{1,3}|\r\n|[^])/.exec(text.slice(at, at + 4))?.[0] ?? sign) : sign;
    bytes.push({ value: valueOf(escape), from: at, to: at + escape.length, isHex: false });
    at += escape.length;
  }
  return bytes;
}

function valueOf(written: string): number {
  if (/^\\[0-7]/.test(written)) return parseInt(written.slice(1), 8) % 256;
  const sign = written.at(-1) ?? '';
  return (written.length > 1 ? escapes[sign] : undefined) ?? sign.charCodeAt(0);
}

const escapes: Readonly<Record<string, number>> = { n: 10, r: 13, t: 9, b: 8, f: 12 };

const number = String.raw`[-+.\d]{1,32}`;
const hexadecimal = String.raw`(?<!<)<[0-9A-Fa-f\s]*>`;
/** A font selection, a string in hexadecimal or parentheses, replacement text, or a move to another line. */
const token = new RegExp(
  String.raw`/([^\s/<>[\]()]+)\s+${number}\s+Tf\b|/ActualText(?=\s*[(<])|${hexadecimal}|\(|(${number})\s{1,9}(${number})\s{1,9}T[dD]\b|\b(?:BT|Tm|EMC)\b|T\*`,
  'g',
);
const string = new RegExp(String.raw`${hexadecimal}|\(`, 'g');
const lineEnd: PdfGlyph = { text: ' ', from: 0, to: 0, isHex: false };
/** In bytes. Each character needs dozens of bytes of memory. */
export const longestText = 2 * 1024 * 1024;
