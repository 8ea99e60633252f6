import { isUtf8 } from 'node:buffer';
import { stripVTControlCharacters } from 'node:util';

/** A stretch of bytes without its invisible characters. */
export interface Squeezed {
  readonly bytes: Buffer;
  /** Maps an offset back to the original bytes. */
  placeOf(at: number): number;
}

export interface SqueezeOptions {
  readonly from: number;
  readonly to: number;
  /** How many bytes around an invisible character belong to its stretch. */
  readonly reach: number;
}

/** A text without colours, soft hyphens and zero-width characters. */
export function withoutUnseen(text: string): string {
  const plain = text.includes(escape) ? stripVTControlCharacters(text) : text;
  return plain.replaceAll(noWidth, '');
}

/**
 * Stretches around invisible characters that may split a value: terminal colours, which assertion messages use for
 * differences, soft hyphens and zero-width characters, in UTF-8 or escaped in JSON and HTML.
 */
export function squeezedStretches(bytes: Uint8Array, { from, to, reach }: SqueezeOptions): Squeezed[] {
  const whole = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const [first, last] = [Math.max(0, from), Math.min(whole.length, to)];
  return clusters(unseenSigns(whole, first, last), reach).map((signs) => squeeze(whole, signs, reach));
}

/** The end of the bytes without invisible characters, also unfinished ones; `undefined` if it has none. */
export function squeezedEnd(bytes: Uint8Array, reach: number): Squeezed | undefined {
  const whole = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const from = Math.max(0, whole.length - reach);
  const cut =
    cutSign.exec(whole.toString('latin1', Math.max(from, whole.length - longestSign)))?.[0].length ?? 0;
  const signs = unseenSigns(whole, from, whole.length - cut);
  if (cut > 0) signs.push({ start: whole.length - cut, end: whole.length });
  return signs.length === 0 ? undefined : squeeze(whole, signs, reach);
}

interface Range {
  readonly start: number;
  readonly end: number;
}

function unseenSigns(bytes: Buffer, from: number, to: number): Range[] {
  const stretch = bytes.subarray(from, to);
  if (!mayHaveSigns(stretch)) return [];
  const signs: Range[] = [];
  for (const { index, 0: sign } of stretch.toString('latin1').matchAll(inBytes)) {
    const place = { start: from + index, end: from + index + sign.length };
    if (sign.charCodeAt(0) < 0x80 || isInText(bytes, place)) signs.push(place);
  }
  return signs;
}

/** Most texts have none: this keeps them fast. */
function mayHaveSigns(bytes: Buffer): boolean {
  if (bytes.length < shortText) return beginning.test(bytes.toString('latin1'));
  return beginnings.some((one) => bytes.includes(one));
}

/** In binary data, some bytes look like such a character by chance. */
function isInText(bytes: Buffer, { start, end }: Range): boolean {
  let first = Math.max(0, start - 8);
  while (first < start && isContinuation(bytes[first])) first++;
  const last = Math.min(bytes.length, end + 8);
  return [0, 1, 2, 3].some((cut) => isUtf8(bytes.subarray(first, Math.max(end, last - cut))));
}

function isContinuation(byte = 0): boolean {
  return (byte & 0xc0) === 0x80;
}

function clusters(signs: readonly Range[], reach: number): Range[][] {
  const all: Range[][] = [];
  for (const sign of signs) {
    const cluster = all.at(-1);
    if (cluster && sign.start - (cluster.at(-1)?.end ?? 0) < reach) cluster.push(sign);
    else all.push([sign]);
  }
  return all;
}

function squeeze(bytes: Buffer, signs: readonly Range[], reach: number): Squeezed {
  const ends = [...signs.map(({ start }) => start), Math.min(bytes.length, (signs.at(-1)?.end ?? 0) + reach)];
  const starts = [Math.max(0, (signs[0]?.start ?? 0) - reach), ...signs.map(({ end }) => end)];
  const parts = starts.map((start, index) => bytes.subarray(start, ends[index]));
  const places: number[] = [];
  let length = 0;
  for (const part of parts) {
    places.push(length);
    length += part.length;
  }
  return {
    bytes: Buffer.concat(parts),
    placeOf(at) {
      let [low, high] = [0, places.length - 1];
      while (low < high) {
        const middle = (low + high + 1) >> 1;
        if ((places[middle] ?? 0) <= at) low = middle;
        else high = middle - 1;
      }
      return (starts[low] ?? 0) + at - (places[low] ?? 0);
    },
  };
}

const escape = '\u001B';
/** Soft hyphen, grapheme joiner, zero-width space, joiners and direction marks, word joiner, byte order mark. */
const noWidth = /\u00AD|\u034F|[\u200B-\u200F\u202A-\u202E\u2060-\u2064\u2066-\u2069\uFEFF]/g;
/** The same in UTF-8 read as Latin-1, colours, and both escaped in JSON and HTML. */
const inBytes = new RegExp(
  [
    '\u00C2\u00AD|\u00CD\u008F|\u00E2(?:\u0080[\u008B-\u008F\u00AA-\u00AE]|\u0081[\u00A0-\u00A4\u00A6-\u00A9])',
    '\u00EF\u00BB\u00BF',
    `${escape}\\[[0-?]{0,40}[@-~]`,
    '\\\\+(?:u001[bB]|x1[bB])\\[[0-?]{0,40}[@-~]',
    '\\\\+u(?:00[aA][dD]|034[fF]|200[bBcCdDeEfF]|202[aAbBcCdDeE]|206[0-46-9]|[fF][eE][fF][fF])',
    '&(?:shy|ZeroWidthSpace|NoBreak|zwn?j|[lr]rm);',
    '&#0*(?:173|847|820[3-7]|823[4-8]|828[89]|829[0-24-7]|65279);',
    '&#[xX]0*(?:[aA][dD]|34[fF]|200[b-fB-F]|202[a-eA-E]|206[0-46-9]|[fF][eE][fF][fF]);',
  ].join('|'),
  'g',
);
/** Where the end of the bytes may begin one, also a colour or an escape. */
const cutSign = new RegExp(
  `(?:${[
    '\u00C2|\u00CD|\u00E2[\u0080\u0081]?|\u00EF\u00BB?',
    `${escape}(?:\\[[0-?]{0,40})?`,
    '\\\\+(?:(?:u001[bB]|x1[bB])(?:\\[[0-?]{0,40})?|u[0-9a-fA-F]{0,3}|x1?)?',
    '&(?:#[0-9]{0,24}|#[xX][0-9a-fA-F]{0,24}|[a-zA-Z]{0,14})',
  ].join('|')})$`,
);
const longestSign = 64;
const beginnings = [
  0x1b,
  0xad,
  0xcd,
  0xe2,
  0xef,
  ...['\\u', '\\x1', '&shy;', '&#', '&z', '&Z', '&N', '&lrm;', '&rlm;'].map((text) => Buffer.from(text)),
];
/** The same for texts too short for several searches. */
const beginning = new RegExp(`[${escape}\u00AD\u00CD\u00E2\u00EF]|\\\\(?:u|x1)|&[s#zZNlr]`);
const shortText = 2048;
