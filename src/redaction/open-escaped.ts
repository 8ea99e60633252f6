import { readCanonically } from './canonical-reading.js';
import type { CanonicalSign, ReadingOptions } from './read-escape.js';
import type { EscapedValue } from './escaped-value.js';
import { createNeedleSearch } from './needle-search.js';

/** Finds where the end of bytes may begin an escaped value or an escape. */
export interface OpenEscaped {
  add(value: EscapedValue): void;
  /** The first such place within `reach` of the end, or the end of the bytes. */
  openFrom(bytes: Uint8Array, reach: number): number;
}

export function createOpenEscaped(): OpenEscaped {
  const needles = createNeedleSearch<true>();
  const parts = new Set<number>();
  let pending: EscapedValue[] = []; // only streams need them
  const prepare = () => {
    for (const { readings } of pending)
      for (const { signs } of readings) {
        const codes = codesOf(signs);
        needles.add(codes, true);
        for (let end = partLength; end <= codes.length; end += 1) parts.add(partAt(codes, end));
      }
    pending = [];
  };
  const openIn = (bytes: Uint8Array, range: Range, options: ReadingOptions) => {
    const read = (from: number) => {
      const signs = readCanonically(bytes, { from, to: range.to }, options);
      const codes = codesOf(signs);
      // The result of an escape may begin another one.
      const whole = codes.subarray(0, codes.length - cutLength(Buffer.from(codes)));
      const open = [codes, whole].map((one) => {
        const place = needles.openFrom(one);
        return place === one.length ? range.to : (signs[place]?.start ?? range.to);
      });
      return { codes: whole, open: Math.min(...open) };
    };
    // Reading is slow. If the last characters are not part of a value, none has begun before.
    const near = Math.max(range.from, range.to - nearBytes);
    const { codes, open } = read(near);
    const mayBeginBefore =
      near > range.from &&
      (codes.length < partLength + longestRest || parts.has(partAt(codes, codes.length)));
    return mayBeginBefore ? read(range.from).open : open;
  };
  return {
    add: (value) => void pending.push(value),
    openFrom(bytes, reach) {
      prepare();
      if (needles.longest === 0) return bytes.length;
      const from = Math.max(0, bytes.length - reach);
      const end = Buffer.from(bytes.buffer, bytes.byteOffset + from, bytes.length - from);
      const range = { from, to: bytes.length - cutLength(end) };
      const open = [openIn(bytes, range, {})];
      if (end.includes('=')) open.push(openIn(bytes, range, { quotedPrintable: true }));
      if (end.includes('\\')) open.push(openIn(bytes, range, { lettersOnly: true }));
      return Math.min(...open);
    },
  };
}

interface Range {
  readonly from: number;
  readonly to: number;
}

function partAt(codes: Uint8Array, end: number): number {
  return codes.subarray(end - partLength, end).reduce((part, code) => (part << 8) | code, 0);
}

/** Length of an unfinished escape at the end. */
function cutLength(bytes: Buffer): number {
  const end = bytes.toString('latin1', Math.max(0, bytes.length - longestEscape));
  return cutEscape.exec(end)?.[0].length ?? 0;
}

function codesOf(signs: readonly CanonicalSign[]): Uint8Array {
  return Uint8Array.from(signs, ({ code }) => Math.min(code, 0xff));
}

/** `%2`, `%25`, `\`, `\u00`, `&am`, `=4`. */
const cutEscape =
  /(?:%(?:25)*(?:u[0-9a-f]{0,3}|[0-9a-f]?)|\\+(?:u[0-9a-f]{0,3}|x[0-9a-f]?)?|&(?:#(?:x[0-9a-f]{0,5}|\d{0,6})|[a-z]{0,8})|=(?:[0-9A-F]|\r)?)$/i;
const longestEscape = 64;
const partLength = 4;
const nearBytes = 64;
/** Characters of an escape in which the near bytes may begin. */
const longestRest = 15;
