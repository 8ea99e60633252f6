import type { CanonicalSign } from './read-escape.js';

/** A stretch of letters and digits by which a value is searched for. */
export interface Anchor {
  readonly bytes: Buffer;
  /** Index of its first character in the value. */
  readonly offset: number;
  /** How many of `bytes` belong to the value. */
  readonly length: number;
  /** The value's bytes before and after; `undefined` at its ends, and where any character may be. */
  readonly before: number | undefined;
  readonly after: number | undefined;
  /** Other stretches of the value: most of them are nearby wherever the value is. */
  readonly witnesses: readonly Buffer[];
}

export interface Range {
  readonly start: number;
  readonly end: number;
}

/**
 * Stretches that are the same in every form; without the first character, which `RegExp.escape` escapes even in words.
 */
export function anchorsOf(value: string, signs: readonly CanonicalSign[]): Anchor[] {
  const bytes = Buffer.from(value);
  const runs: Range[] = [];
  for (const { code, start, end } of signs) {
    const last = runs.at(-1);
    if (start === 0 || end - start !== 1 || !isLetterOrDigit(code)) continue;
    if (last?.end === start) runs[runs.length - 1] = { start: last.start, end };
    else runs.push({ start, end });
  }
  const longest = runs
    .flatMap(inPieces)
    .filter(({ end, start }) => end - start >= shortestRun)
    .sort((one, other) => other.end - other.start - (one.end - one.start));
  return longest.slice(0, mostRuns).flatMap(({ start, end }) =>
    [...headsAt(bytes, end, shortestAnchor - (end - start))].map((head) => ({
      bytes: Buffer.concat([bytes.subarray(start, end), Buffer.from(head, 'latin1')]),
      offset: start,
      length: end - start,
      before: tellingByte(bytes[start - 1]),
      after: tellingByte(bytes[end]),
      witnesses: longest
        .filter((other) => other.start !== start)
        .slice(0, mostWitnesses)
        .map((other) => bytes.subarray(other.start, other.end)),
    })),
  );
}

/** Neighbours rule out most places, at almost no cost. */
export function mayStandAt(bytes: Uint8Array, at: number, { length, before, after }: Anchor): boolean {
  const next = bytes[at + length] ?? 0;
  if (after !== undefined && next !== after && (isLetterOrDigit(next) || notAfter.includes(next)))
    return false;
  const last = bytes[at - 1] ?? 0;
  if (before === undefined || last === before || last <= 0x20 || last >= 0x7f) return true;
  if (isLetterOrDigit(last)) return escapeBefore.test(latin1(bytes, at - 8, at));
  return last === semicolon; // the end of an entity
}

/** A line wrap may split one of them. Canonical reading is slow, and some stretches are words. */
export function hasWitnesses(stretch: Buffer, { witnesses }: Anchor): boolean {
  const missing = witnesses.filter((witness) => !stretch.includes(witness)).length;
  return missing === 0 || (missing === 1 && (witnesses.length > 1 || stretch.includes(newline)));
}

/** A line may end inside either half; then the other one is whole. */
function inPieces({ start, end }: Range): Range[] {
  const length = end - start;
  if (length < 2 * shortestAnchor) return [{ start, end }];
  const size = Math.min(longestAnchor, Math.ceil(length / 2));
  return [start, start + size]
    .map((from) => ({ start: from, end: Math.min(end, from + size) }))
    .filter((piece) => piece.end > piece.start);
}

/** How the written forms of what follows may begin: a stretch too short to search for is extended by these. */
function headsAt(bytes: Buffer, at: number, length: number): Set<string> {
  if (length <= 0) return new Set(['']);
  if (at >= bytes.length) return new Set();
  const code = bytes[at] ?? 0;
  const sign = String.fromCharCode(code);
  const heads = new Set<string>();
  for (const written of isLetterOrDigit(code) ? [sign] : escapesOf(sign)) {
    if (written.length >= length) heads.add(written.slice(0, length));
    else for (const rest of headsAt(bytes, at + 1, length - written.length)) heads.add(written + rest);
  }
  return heads;
}

function escapesOf(sign: string): string[] {
  const code = sign.charCodeAt(0);
  const hex = code.toString(16).padStart(2, '0');
  const inBothCases = [hex, hex.toUpperCase()].flatMap((digits) => [
    `%${digits}`,
    `=${digits}`,
    `\\x${digits}`,
  ]);
  const named = ['&am', '&lt', '&gt', '&qu', '&ap', `&#x`, `&#${code}`];
  return [sign, `\\${sign}`, '\\\\\\', '\\\\u', '\\u00', '%25', '=\r\n', '=\n', ...inBothCases, ...named];
}

/** A byte that is skipped in reading may be any byte. */
function tellingByte(byte: number | undefined): number | undefined {
  return byte === undefined || byte <= 0x20 || byte >= 0x7f || readAsNothing.includes(byte)
    ? undefined
    : byte;
}

function latin1(bytes: Uint8Array, from: number, to: number): string {
  const start = Math.max(0, from);
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, to - start).toString('latin1');
}

function isLetterOrDigit(code: number): boolean {
  const letter = code | 0x20;
  return (code >= 0x30 && code <= 0x39) || (letter >= 0x61 && letter <= 0x7a);
}

const bytesOf = (signs: string) => Array.from(Buffer.from(signs));
const readAsNothing = bytesOf('"\'`+/\\');
/** Characters that stand for themselves only after a letter. */
const notAfter = bytesOf('.,:;!?@#$*()[]{}<>|~-_');
const semicolon = 0x3b;
const newline = 0x0a;
const escapeBefore =
  /(?:%[0-9A-Fa-f]{2}|[xX=][0-9A-Fa-f]{2}|[uU][0-9A-Fa-f]{4}|\\[nrtbfv]|25[0-9A-Fa-f]{2})$/;
const shortestAnchor = 4;
const longestAnchor = 16;
const shortestRun = 2;
const mostRuns = 2;
const mostWitnesses = 3;
