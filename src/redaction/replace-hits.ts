import { markerOf } from './redaction-marker.js';
import type { Hit } from './hit.js';

interface TextWithHits {
  readonly text: string;
  /** The text in UTF-8, which hits refer to. */
  readonly bytes: Buffer;
  readonly hits: readonly Hit[];
}

/**
 * Replaces hits by markers. JSON stays JSON: escapes stay whole, a bare number becomes a string, and if a value
 * contains quotes, the document is parsed.
 */
export function replaceInText({ text, bytes, hits }: TextWithHits): string {
  if (hits.length === 0) return text;
  const pieces: string[] = [];
  let done = 0;
  let lastLabel = '';
  for (const hit of hits) {
    const { start, end } = widen(bytes, hit);
    const touches = start <= done && pieces.length > 0;
    pieces.push(bytes.toString('utf8', done, Math.max(done, start)));
    const quote = touches ? '' : quoteOfBareNumber(bytes, hit);
    if (!touches || hit.label !== lastLabel) pieces.push(quote, markerOf(hit.label), quote);
    lastLabel = hit.label;
    done = Math.max(done, end);
  }
  pieces.push(bytes.toString('utf8', done));
  return pieces.join('');
}

/** Whether replacing hits might make a JSON document invalid. */
export function isRiskyInJson(text: string, bytes: Buffer, hits: readonly Hit[]): boolean {
  if (hits.length === 0 || !/^\s*[{["]/.test(text.slice(0, 100))) return false;
  return hits.some(({ start, end }) => {
    const found = bytes.toString('latin1', start, end);
    return /["\\{}[\]]|^\W*(?:[\d.eE+-]+|true|false|null)\W*$/.test(found);
  });
}

/** Overwrites hits without changing the length, so that byte counts stay correct. */
export function replaceInBytes(bytes: Buffer, hits: readonly Hit[]): Buffer {
  const replaced = Buffer.from(bytes);
  for (const hit of hits) {
    const { start, end } = widen(bytes, hit);
    replaced.fill('*', start, end);
  }
  return replaced;
}

interface Range {
  readonly start: number;
  readonly end: number;
}

function widen(bytes: Buffer, hit: Hit): Range {
  const { form, cut } = hit;
  let { start, end } = hit;
  if (form.carrier === 'base64') {
    if (form.base64Offset !== 0 && isBase64(bytes[start - 1])) start--;
    if (isBase64(bytes[end])) end++;
    return { start, end };
  }
  if (form.carrier !== 'text' || form.bytesOnly) return { start, end };
  start = startOfEscape(bytes, start);
  if (!cut && endsWithinEscape(bytes, start, end)) end--;
  return { start, end };
}

/** A value may begin in the last characters of an escape by accident: `\nhunter2` and the value `nhunter2`. */
function startOfEscape(bytes: Buffer, start: number): number {
  const before = bytes.toString('latin1', Math.max(0, start - 6), start + 6);
  const at = Math.min(6, start);
  for (let back = 1; back <= Math.min(5, at); back++) {
    if (before[at - back] !== '\\') continue;
    const escape = /^\\(?:["\\/bfnrt]|u[0-9A-Fa-f]{4})/.exec(before.slice(at - back))?.[0];
    const cutsIt = escape !== undefined && escape.length > back;
    return cutsIt && backslashesBefore(bytes, start - back + 1) % 2 === 1 ? start - back : start;
  }
  return start;
}

/** A value may end with the backslash of an escape by accident. */
function endsWithinEscape(bytes: Buffer, start: number, end: number): boolean {
  const next = bytes[end];
  return (
    next !== undefined &&
    '"\\/bfnrtu'.includes(String.fromCharCode(next)) &&
    end - start > 1 &&
    backslashesBefore(bytes, end) % 2 === 1
  );
}

function backslashesBefore(bytes: Buffer, at: number): number {
  let from = at;
  while (bytes[from - 1] === backslash) from--;
  return at - from;
}

/** In `"key":123456,` a marker needs quotes, escaped like those of the key. */
function quoteOfBareNumber(bytes: Buffer, { start, end }: Range): string {
  if (!isNumber.test(bytes.toString('latin1', start, Math.min(end, start + 400)))) return '';
  if (!/^\s*[,}\]]/.test(bytes.toString('latin1', end, end + 64))) return '';
  const before = bytes.toString('latin1', Math.max(0, start - 256), start);
  const key = /(\\*")\s*:\s*(?:\[[^"[\]{}]*)?$/.exec(before)?.[1];
  return key ?? (/(?:^|[[:,])\s*\[[^"{}]*$/.test(before) ? '"' : '');
}

function isBase64(byte: number | undefined): boolean {
  return byte !== undefined && /[\w+/-]/.test(String.fromCharCode(byte));
}

const backslash = 0x5c;
const isNumber = /^-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
