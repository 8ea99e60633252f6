import { inflateSync } from 'node:zlib';

/** A PDF file (ISO 32000-2): its objects, by number, and its streams. */
export interface PdfDocument {
  /** Whether it can be read only with its key. */
  readonly isEncrypted: boolean;
  readonly streams: readonly PdfStream[];
  /** The bytes before, between and after the streams. */
  readonly between: readonly Buffer[];
  /** The text of objects, mostly dictionaries, including those in object streams. */
  readonly objects: ReadonlyMap<number, string>;
}

export interface PdfStream {
  readonly object: number;
  readonly dictionary: string;
  /** Whether it contains other objects. */
  readonly hasObjects: boolean;
  /** Start of its compressed bytes in the file. */
  readonly start: number;
  readonly end: number;
  /** Unpacked content; `undefined` for pixels, and if it cannot be unpacked. */
  readonly content: Buffer | undefined;
  /** Why it cannot be unpacked. */
  readonly obstacle: string | undefined;
}

/** Whether the bytes begin like a PDF file. */
export function isPdf(content: Buffer): boolean {
  return content.length >= 4 && content.readUInt32BE(0) === 0x25504446;
}

/**
 * Reads every object in the order of the file, including unused ones, which are still readable.
 *
 * @param mostBytes limit for all unpacked streams: later ones have an obstacle
 */
export function parsePdf(bytes: Buffer, mostBytes: number): PdfDocument {
  const text = bytes.toString('latin1');
  const objects = new Map<number, string>();
  const streams: PdfStream[] = [];
  let isEncrypted = encryptedTrailer.test(text);
  let left = mostBytes;
  objectStart.lastIndex = 0;
  for (let found = objectStart.exec(text); found; found = objectStart.exec(text)) {
    const object = Number(found[1]);
    const dictionary = dictionaryAt(text, objectStart.lastIndex);
    const stream = streamAt(text, objectStart.lastIndex, dictionary);
    objects.set(object, dictionary);
    objectStart.lastIndex += dictionary.length;
    isEncrypted ||= /\/Type\s*\/XRef\b/.test(dictionary) && /\/Encrypt\b/.test(dictionary);
    if (!stream) continue;
    const unpacked = unpack(bytes.subarray(stream.start, stream.end), dictionary, left);
    left -= unpacked.content?.length ?? 0;
    const hasObjects = /\/Type\s*\/ObjStm\b/.test(dictionary);
    streams.push({ object, dictionary, hasObjects, ...stream, ...unpacked });
    objectStart.lastIndex = stream.end;
  }
  for (const { dictionary, content, hasObjects } of streams)
    if (content && hasObjects) addPacked(content, dictionary, objects);
  const ends = [0, ...streams.map(({ end }) => end)];
  const between = ends.map((end, index) => bytes.subarray(end, streams[index]?.start ?? bytes.length));
  return { isEncrypted, streams, between, objects };
}

/** The dictionary up to its stream or its end. */
function dictionaryAt(text: string, from: number): string {
  objectEnd.lastIndex = from;
  return text.slice(from, objectEnd.exec(text)?.index ?? text.length);
}

function streamAt(
  text: string,
  from: number,
  dictionary: string,
): Pick<PdfStream, 'start' | 'end'> | undefined {
  streamStart.lastIndex = from + dictionary.length;
  const start = streamStart.exec(text) ? streamStart.lastIndex : undefined;
  if (start === undefined) return undefined;
  const told = Number(/\/Length\s+(\d+)(?!\s+\d+\s+R)/.exec(dictionary)?.[1] ?? Number.NaN);
  if (/^\s*endstream/.test(text.slice(start + told, start + told + 20))) return { start, end: start + told };
  const end = text.indexOf('endstream', start);
  return { start, end: end === -1 ? text.length : end };
}

function unpack(
  packed: Buffer,
  dictionary: string,
  mostBytes: number,
): Pick<PdfStream, 'content' | 'obstacle'> {
  const filters = filtersOf(dictionary);
  const [filter] = filters;
  if (pixels.test(dictionary)) return { content: undefined, obstacle: undefined };
  if (filter === undefined) return { content: packed, obstacle: undefined };
  if (!flate.test(filter) || filters.length > 1)
    return { content: undefined, obstacle: `it is compressed with ${filters.join(' and ')}` };
  try {
    return { content: inflateSync(packed, { maxOutputLength: Math.max(1, mostBytes) }), obstacle: undefined };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'no code';
    return { content: undefined, obstacle: `it is damaged or too large (${code})` };
  }
}

function filtersOf(dictionary: string): string[] {
  const told = /\/Filter\s*(\[[^\]]*\]|\/[^\s/<>[\]()]+)/.exec(dictionary)?.[1] ?? '';
  return [...told.matchAll(/\/([^\s/<>[\]()]+)/g)].map(([, name]) => name ?? '');
}

/** An object stream begins with pairs: an object's number and its offset. */
function addPacked(content: Buffer, dictionary: string, objects: Map<number, string>): void {
  const first = Number(/\/First\s+(\d+)/.exec(dictionary)?.[1] ?? 0);
  const numbers = content.toString('latin1', 0, first).trim().split(/\s+/).map(Number);
  for (let index = 0; index + 1 < numbers.length; index += 2) {
    const end = numbers[index + 3] ?? content.length - first;
    objects.set(
      numbers[index] ?? 0,
      content.toString('latin1', first + (numbers[index + 1] ?? 0), first + end),
    );
  }
}

const objectStart = /(\d{1,10})\s+\d{1,5}\s+obj\b/g;
const objectEnd = /(?<=>>)\s*stream\r?\n|\bendobj\b/g;
const streamStart = /\s*stream\r?\n/y;
const flate = /^(?:FlateDecode|Fl)$/;
const pixels = /\/Subtype\s*\/Image\b|\/(?:DCT|JPX|CCITTFax|JBIG2)Decode\b/;
const encryptedTrailer = /\btrailer\s{0,20}<<(?:[^>]|>(?!>)){0,2000}?\/Encrypt\b/;
