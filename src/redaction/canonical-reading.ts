import {
  ampersand,
  backslash,
  equalsSign,
  lineWrap,
  percent,
  readEscape,
  space,
  type CanonicalSign,
  type ReadingOptions,
} from './read-escape.js';

/**
 * Reads bytes through escapes of any kind and depth (percent, backslash, HTML, quoted-printable), and skips characters
 * that escaping adds or removes: quotes, backslashes, slashes, white space and `+`, line wraps, zero-width characters.
 * Anything outside ASCII counts as one character in any encoding. A value and all its written forms read the same.
 */
export function readCanonically(
  bytes: Uint8Array,
  range: { readonly from: number; readonly to: number },
  options: ReadingOptions,
): readonly CanonicalSign[] {
  let signs: CanonicalSign[] = [];
  let mayEscape = false;
  for (let at = Math.max(0, range.from); at < Math.min(range.to, bytes.length); at++) {
    const code = bytes[at] ?? 0;
    mayEscape ||= code === percent || code === backslash || code === ampersand || code === equalsSign;
    signs.push({ code, start: at, end: at + 1 });
  }
  // The result of an escape may be part of another one.
  for (let depth = 0; mayEscape && depth < deepest; depth++) {
    const read = readEscapes(signs, options);
    const isDone = read.length === signs.length;
    signs = read;
    if (isDone) break;
  }
  return joinForeign(signs.filter(({ code }) => !isDropped(code)));
}

/** Does the same for a whole text. */
export function readText(text: string, options: ReadingOptions): readonly CanonicalSign[] {
  const bytes = Buffer.from(text);
  return readCanonically(bytes, { from: 0, to: bytes.length }, options);
}

function readEscapes(signs: readonly CanonicalSign[], options: ReadingOptions): CanonicalSign[] {
  const read: CanonicalSign[] = [];
  for (let at = 0; at < signs.length;) {
    const sign = signs[at] ?? nothing;
    const escape = readEscape(signs, at, options);
    const next = escape?.next ?? at + 1;
    if (!escape || next === at + 1) read.push(sign);
    else if (escape.code !== lineWrap)
      read.push({ code: escape.code, start: sign.start, end: endAt(signs, next) });
    at = next;
  }
  return read;
}

function isDropped(code: number): boolean {
  return code <= space || code === 0xad || code === 0x7f || dropped.includes(code);
}

/** An accented letter is one to four bytes, by encoding, and one or two code points. */
function joinForeign(signs: readonly CanonicalSign[]): readonly CanonicalSign[] {
  const joined: CanonicalSign[] = [];
  for (const sign of signs) {
    const last = joined.at(-1);
    if (sign.code < 0x80) joined.push(sign);
    else if (last?.code === foreign) joined[joined.length - 1] = { ...last, end: sign.end };
    else joined.push({ ...sign, code: foreign });
  }
  return joined;
}

function endAt(signs: readonly CanonicalSign[], next: number): number {
  return signs[next - 1]?.end ?? 0;
}

const nothing: CanonicalSign = { code: space, start: 0, end: 0 };
const foreign = 0xfffd;
/** `"`, `'`, `+`, `/`, `\`, `` ` `` and a common replacement for a space. */
const dropped: readonly number[] = [0x22, 0x27, 0x2b, 0x2f, 0x5c, 0x60, 0xa0];
const deepest = 6;
