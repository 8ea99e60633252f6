import { readChunks, type ByteSource } from './byte-source.js';
import { unreadable } from './zip-directory.js';

/** A stretch of base64 that begins like a zip or gzip archive or a PDF file. */
export interface Base64Archive {
  readonly start: number;
  readonly end: number;
}

/** Archives in a text, such as the report data in Playwright's HTML report. */
export function findBase64Archives(text: Buffer): Base64Archive[] {
  return archiveBeginnings
    .flatMap((beginning) => findRuns(text, beginning))
    .sort((one, other) => one.start - other.start);
}

/** Where such archives may begin. */
export function beginningsIn(window: Buffer): number[] {
  return archiveBeginnings.flatMap((beginning) => {
    const starts: number[] = [];
    for (let at = window.indexOf(beginning); at !== -1; at = window.indexOf(beginning, at + 1))
      if (mayBegin(window, at)) starts.push(at);
    return starts;
  });
}

/** The base64 content at that place, or `undefined` if it is too short for an archive. */
export async function readBase64(
  source: ByteSource,
  { start, mostBytes }: { readonly start: number; readonly mostBytes: number },
): Promise<Buffer | undefined> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const chunk of readChunks(source, { start })) {
    let end = 0;
    while (isBase64Sign(chunk[end])) end++;
    parts.push(Buffer.from(chunk.subarray(0, end)));
    size += end;
    if (size * 0.75 > mostBytes) throw unreadable('it is too large to open inside another archive');
    if (end < chunk.length) break;
  }
  return size < shortestRun ? undefined : Buffer.from(Buffer.concat(parts).toString('latin1'), 'base64');
}

function isBase64Sign(byte: number | undefined): boolean {
  return byte !== undefined && signs[byte] === 1;
}

function findRuns(text: Buffer, beginning: string): Base64Archive[] {
  const runs: Base64Archive[] = [];
  for (let start = text.indexOf(beginning); start !== -1;) {
    let end = start;
    if (mayBegin(text, start)) while (isBase64Sign(text[end])) end++;
    while (end > start && text[end] === equals) end++;
    if (end - start >= shortestRun) runs.push({ start, end });
    start = text.indexOf(beginning, Math.max(end, start + 1));
  }
  return runs;
}

/** A letter before it may be the end of an escape sequence, such as the `n` of `\n` in JSON. */
function mayBegin(bytes: Buffer, at: number): boolean {
  if (!isBase64Sign(bytes[at - 1])) return true;
  return escapeBefore.test(bytes.toString('latin1', Math.max(0, at - longestEscape), at));
}

/** An escape of JSON or JavaScript, of a URI (except `+` and `/`, which are base64), or a colour code. */
const escapeBefore = /(?:\\(?:[a-z]|x[\da-f]{2}|u[\da-f]{4})|%(?!2[bf])[\da-f]{2}|\[[\d;]{0,12}m)$/i;
const longestEscape = 14;
/** `PK\3\4`, the gzip magic with its only method, and `%PDF-`. */
const archiveBeginnings = ['UEsDB', 'H4sI', 'JVBERi'];
const shortestRun = 40;
const equals = 0x3d;
const signs = Uint8Array.from({ length: 256 }, (_, byte) =>
  /[A-Za-z0-9+/]/.test(String.fromCharCode(byte)) ? 1 : 0,
);
