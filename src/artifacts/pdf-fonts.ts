import type { PdfDocument } from './pdf-document.js';

/** How the codes of a shown string map to text. */
export interface PdfFont {
  readonly codeBytes: number;
  readonly textOf: (code: number) => string;
}

/** The fonts that a name may mean: each page has its own names. */
export type PdfFonts = ReadonlyMap<string, readonly PdfFont[]>;

/** Throws when the time for the file is up. */
export interface PdfMeter {
  bytes(more: number): void;
}

/** Reads resource dictionaries (ISO 32000-2 section 7.8.3) and the `ToUnicode` maps of fonts (section 9.10.3). */
export function readFonts({ objects, streams }: PdfDocument, meter: PdfMeter): PdfFonts {
  const contents = new Map(streams.map(({ object, content }) => [object, content]));
  const fonts = new Map<string, PdfFont[]>();
  const read = new Map<string, PdfFont>();
  for (const [name, object] of namedFonts(objects)) {
    meter.bytes(0);
    const map = /\/ToUnicode\s+(\d+)\s+\d+\s+R\b/.exec(objects.get(object) ?? '')?.[1] ?? '';
    const font = read.get(map) ?? parseToUnicode(contents.get(Number(map))?.toString('latin1') ?? '', meter);
    read.set(map, font);
    const known = fonts.get(name) ?? [];
    if (known.length < mostOfName && !known.includes(font)) fonts.set(name, [...known, font]);
  }
  return fonts;
}

/** The bytes themselves, for fonts without a map. */
export const plainFont: PdfFont = { codeBytes: 1, textOf: (code) => String.fromCharCode(code) };

function* namedFonts(objects: ReadonlyMap<number, string>): Iterable<readonly [string, number]> {
  for (const text of objects.values())
    for (const [, list, reference] of text.matchAll(/\/Font\s*(?:<<([^<>]*)>>|(\d+)\s+\d+\s+R\b)/g)) {
      const entries = list ?? objects.get(Number(reference)) ?? '';
      for (const [, name = '', object] of entries.matchAll(/\/([^\s/<>[\]()]+)\s+(\d+)\s+\d+\s+R\b/g))
        yield [name, Number(object)];
    }
}

function parseToUnicode(map: string, meter: PdfMeter): PdfFont {
  const digits = /begincodespacerange\s*<([0-9A-Fa-f]+)>/.exec(map)?.[1]?.length ?? 2;
  const codeBytes = Math.max(1, Math.ceil(digits / 2));
  const texts = new Map<number, string>();
  for (const [, lines = ''] of map.matchAll(/beginbfchar([^]*?)endbfchar/g))
    for (const [, code = '', text = ''] of lines.matchAll(/<([0-9A-Fa-f\s]+)>\s*<([0-9A-Fa-f\s]*)>/g))
      texts.set(parseInt(code, 16), textOfUtf16(text));
  for (const [, lines = ''] of map.matchAll(/beginbfrange([^]*?)endbfrange/g))
    readRanges(lines, texts, meter);
  if (texts.size === 0) return codeBytes === 1 ? plainFont : { codeBytes, textOf: plainFont.textOf };
  return { codeBytes, textOf: (code) => texts.get(code) ?? '' };
}

/** `<first> <last> <text of the first>`, or a list with the text of each. */
function readRanges(lines: string, texts: Map<number, string>, meter: PdfMeter): void {
  const range = /<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>\s*(?:<([0-9A-Fa-f]*)>|\[([^\]]*)\])/g;
  for (const [, from = '', to = '', begin, list = ''] of lines.matchAll(range)) {
    meter.bytes(0);
    if (texts.size >= mostCodes) return;
    const first = parseInt(from, 16);
    const last = Math.min(parseInt(to, 16), first + mostCodes - texts.size);
    const own = [...list.matchAll(/<([0-9A-Fa-f]*)>/g)].map(([, text = '']) => textOfUtf16(text));
    const base = begin === undefined ? undefined : textOfUtf16(begin);
    for (let code = first; code <= last; code += 1)
      texts.set(code, base === undefined ? (own[code - first] ?? '') : shifted(base, code - first));
  }
}

function shifted(text: string, by: number): string {
  const last = /.$/su.exec(text)?.[0] ?? '';
  const code = (last.codePointAt(0) ?? 0) + by;
  return code > 0x10ffff ? '' : text.slice(0, text.length - last.length) + String.fromCodePoint(code);
}

function textOfUtf16(hex: string): string {
  const bytes = Buffer.from(hex.replaceAll(/\s/g, ''), 'hex');
  return bytes
    .subarray(0, bytes.length - (bytes.length % 2))
    .swap16()
    .toString('utf16le');
}

/** The most codes of one font: codes have at most two bytes. */
const mostCodes = 0x10000;
/** The most ways to read one page. */
export const mostOfName = 4;
