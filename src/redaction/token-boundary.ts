import type { WrittenForm } from './written-form.js';

/** A stretch of bytes. */
export interface Stretch {
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
}

/**
 * Whether a code is a whole token there. It is not inside a longer run of letters or digits, as part of a decimal
 * number (`3342.123456`, `123456.5`), or as a bare number in JSON (`"size":123456,`) unless the key suggests a code. A
 * neighbour that ends an escape (`%3D`, `\n`, `\u003d`, the colour `\u001b[31m`) does not count as a letter.
 */
export function isWholeToken(found: Stretch, form: Pick<WrittenForm, 'carrier' | 'base64Offset'>): boolean {
  const { bytes, start, end } = decodeAround(found, form);
  const before = latin1(bytes, start - reach, start);
  const after = latin1(bytes, end, end + reach);
  if (/^[0-9A-Za-z]/.test(after) || /^\.[0-9]/.test(after) || /[0-9]\.$/.test(before)) return false;
  if (/[0-9A-Za-z]$/.test(before) && !escapeTail.test(before)) return false;
  return !isBareNumber(before, after);
}

/** The most bytes looked at before and after. */
export const tokenReach = 4 * 64;

/** The match and its neighbours, decoded to plain text. */
function decodeAround(
  found: Stretch,
  { carrier, base64Offset = 0 }: Parameters<typeof isWholeToken>[1],
): Stretch {
  switch (carrier) {
    case 'text':
      return found;
    case 'hex':
      return decodeGroups(found, {
        group: 2,
        from: found.start,
        sign: /[0-9a-fA-F]/,
        encoding: 'hex',
        bytesInGroup: 1,
      });
    case 'base64': {
      const from = found.start - base64Lead[base64Offset];
      const sign = /[\w+/-]/;
      return decodeGroups(found, {
        group: 4,
        from,
        sign,
        encoding: 'base64',
        bytesInGroup: 3,
        skip: base64Offset,
      });
    }
    case 'utf-16le':
    case 'utf-16be':
      return decodeUtf16(found, carrier === 'utf-16le' ? 0 : 1);
  }
}

interface Groups {
  /** Characters in a group, and the bytes they encode. */
  readonly group: number;
  readonly bytesInGroup: number;
  /** Start of the group with the first matched byte. */
  readonly from: number;
  readonly sign: RegExp;
  readonly encoding: 'hex' | 'base64';
  /** Bytes of that group before the match. */
  readonly skip?: number;
}

function decodeGroups({ bytes, start, end }: Stretch, groups: Groups): Stretch {
  const { group, from, sign, encoding, bytesInGroup, skip = 0 } = groups;
  const isSign = (at: number) =>
    at >= 0 && at < bytes.length && sign.test(String.fromCharCode(bytes[at] ?? 0));
  if (!range(from, start).every(isSign)) return alone; // its beginning is missing
  let first = from;
  while (start - first < reach && range(first - group, first).every(isSign)) first -= group;
  let last = end;
  while (last - end < reach && isSign(last)) last++;
  const decoded = Buffer.from(latin1(bytes, first, last), encoding);
  const at = ((from - first) / group) * bytesInGroup + skip;
  const length = Math.ceil(((end - from) * bytesInGroup) / group) - skip;
  return { bytes: decoded, start: at, end: at + length };
}

function decodeUtf16({ bytes, start, end }: Stretch, low: 0 | 1): Stretch {
  const unit = (at: number) => ((bytes[at + 1 - low] ?? 0) === 0 ? (bytes[at + low] ?? 0) : 0x80);
  const first = start - 2 * Math.floor(Math.min(start, reach) / 2);
  const last = end + 2 * Math.floor(Math.min(bytes.length - end, reach) / 2);
  const units = range(0, (last - first) / 2).map((index) => unit(first + index * 2));
  return { bytes: Uint8Array.from(units), start: (start - first) / 2, end: (end - first) / 2 };
}

/** Numbers in JSON are sizes, times or references, unless the key suggests a code. */
function isBareNumber(before: string, after: string): boolean {
  if (!/^\s*[,}\]]/.test(after)) return false;
  const [, key] = /([^"\\]*)\\*"\s*:\s*$/.exec(before) ?? [];
  if (key !== undefined) return !codeKey.test(key);
  return /\[[\d\s.,eE+-]*$/.test(before);
}

function range(from: number, to: number): number[] {
  return Array.from({ length: Math.max(0, to - from) }, (_, index) => from + index);
}

function latin1(bytes: Uint8Array, from: number, to: number): string {
  const start = Math.max(0, from);
  const length = Math.max(0, Math.min(to, bytes.length) - start);
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, length).toString('latin1');
}

/** In characters of the encoding; UTF-16 and hexadecimal need two per character. */
const reach = 64;
/** Used if the neighbours are unknown. */
const alone: Stretch = { bytes: new Uint8Array(), start: 0, end: 0 };
const base64Lead = [0, 2, 3] as const;
const escapeTail =
  /(?:%(?:25)*[0-9A-Fa-f]{2}|%u[0-9A-Fa-f]{4}|\\[nrtbfv0]|\\u[0-9A-Fa-f]{4}|\\x[0-9A-Fa-f]{2}|\[[0-9;]*m)$/;
const codeKey = /code|otp|pin|token|pass|factor|mfa|2fa|verif|challenge|secret/i;
