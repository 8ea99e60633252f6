/** A character of a text with its place, read through any escapes. */
export interface CanonicalSign {
  readonly code: number;
  readonly start: number;
  readonly end: number;
}

export interface ReadingOptions {
  /** Whether `=41` is an A, as in quoted-printable. In a query, it is the value of a name. */
  readonly quotedPrintable?: boolean;
  /** Whether `\\n` is a backslash that a form lost or changed, followed by an n. */
  readonly lettersOnly?: boolean;
}

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

interface Escape {
  /** A space if dropped; `lineWrap` if it may be inside another escape. */
  readonly code: number;
  readonly next: number;
}

function readEscape(
  signs: readonly CanonicalSign[],
  at: number,
  { quotedPrintable, lettersOnly }: ReadingOptions,
): Escape | undefined {
  switch (codeAt(signs, at)) {
    case percent:
      return readPercent(signs, at);
    case backslash:
      return readBackslash(signs, at, lettersOnly === true);
    case ampersand:
      return readEntity(signs, at);
    case equalsSign:
      return quotedPrintable ? readQuotedPrintable(signs, at) : undefined;
    default:
      return undefined;
  }
}

function readPercent(signs: readonly CanonicalSign[], at: number): Escape | undefined {
  let from = at + 1;
  while (codeAt(signs, from) === 0x32 && codeAt(signs, from + 1) === 0x35) from += 2; // %2525…
  const isUnicode = (codeAt(signs, from) | 0x20) === letterU;
  const escape = isUnicode ? hexAt(signs, from + 1, 4) : hexAt(signs, from, 2);
  if (escape) return escape;
  return from > at + 1 ? { code: percent, next: from } : undefined;
}

function readBackslash(
  signs: readonly CanonicalSign[],
  at: number,
  lettersOnly: boolean,
): Escape | undefined {
  let from = at + 1;
  while (codeAt(signs, from) === backslash) from++;
  const code = codeAt(signs, from);
  if (code === 0) return { code: backslash, next: from };
  if (code === 0x78) return hexAt(signs, from + 1, 2) ?? { code, next: from + 1 };
  if (code === letterU) return hexAt(signs, from + 1, 4) ?? { code, next: from + 1 };
  if (!lettersOnly && controls.includes(code)) return { code: space, next: from + 1 };
  // An entity or a percent sign after it is read as such.
  return code === percent || code === ampersand ? { code: backslash, next: from } : { code, next: from + 1 };
}

function readEntity(signs: readonly CanonicalSign[], at: number): Escape | undefined {
  let text = '';
  for (let next = at + 1; next < at + longestEntity; next++) {
    const code = codeAt(signs, next);
    if (code === semicolon) {
      const known = entities.get(text) ?? entityNumber(text);
      return known === undefined ? undefined : { code: known, next: next + 1 };
    }
    if (!isWordOrHash(code)) return undefined;
    text += String.fromCharCode(code);
  }
  return undefined;
}

function readQuotedPrintable(signs: readonly CanonicalSign[], at: number): Escape | undefined {
  if (codeAt(signs, at + 1) === 0x0a) return { code: lineWrap, next: at + 2 };
  if (codeAt(signs, at + 1) === 0x0d && codeAt(signs, at + 2) === 0x0a)
    return { code: lineWrap, next: at + 3 };
  const lower = [codeAt(signs, at + 1), codeAt(signs, at + 2)].some((code) => code >= 0x61);
  return lower ? undefined : hexAt(signs, at + 1, 2);
}

function entityNumber(text: string): number | undefined {
  const [, hex, decimal] = /^#(?:[xX]([0-9a-fA-F]+)|(\d+))$/.exec(text) ?? [];
  if (hex !== undefined) return parseInt(hex, 16);
  return decimal === undefined ? undefined : Number(decimal);
}

function hexAt(signs: readonly CanonicalSign[], at: number, digits: number): Escape | undefined {
  let code = 0;
  for (let index = at; index < at + digits; index++) {
    const digit = hexDigit(codeAt(signs, index));
    if (digit === undefined) return undefined;
    code = code * 16 + digit;
  }
  return { code, next: at + digits };
}

function hexDigit(code: number): number | undefined {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  const letter = code | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : undefined;
}

function codeAt(signs: readonly CanonicalSign[], at: number): number {
  return signs[at]?.code ?? 0;
}

function endAt(signs: readonly CanonicalSign[], next: number): number {
  return signs[next - 1]?.end ?? 0;
}

function isWordOrHash(code: number): boolean {
  const letter = code | 0x20;
  return code === 0x23 || (code >= 0x30 && code <= 0x39) || (letter >= 0x61 && letter <= 0x7a);
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

const [space, percent, ampersand, backslash, semicolon, equalsSign, letterU] = [
  0x20, 0x25, 0x26, 0x5c, 0x3b, 0x3d, 0x75,
] as const;
const nothing: CanonicalSign = { code: space, start: 0, end: 0 };
const foreign = 0xfffd;
const lineWrap = -1;
/** `"`, `'`, `+`, `/`, `\`, `` ` `` and a common replacement for a space. */
const dropped: readonly number[] = [0x22, 0x27, 0x2b, 0x2f, 0x5c, 0x60, 0xa0];
/** `\n`, `\r`, `\t`, `\b`, `\f`, `\v`. */
const controls: readonly number[] = Array.from('nrtbfv', (letter) => letter.charCodeAt(0));
const entities: ReadonlyMap<string, number> = new Map(
  Object.entries({ amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' }).map(([name, sign]) => [
    name,
    sign.charCodeAt(0),
  ]),
);
const longestEntity = 12;
const deepest = 6;
