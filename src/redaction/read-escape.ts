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

/** An escape at a place of a text. */
export interface Escape {
  /** A space if dropped; `lineWrap` if it may be inside another escape. */
  readonly code: number;
  readonly next: number;
}

/** Reads the escape that begins at a sign; `undefined` if none does. */
export function readEscape(
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

function isWordOrHash(code: number): boolean {
  const letter = code | 0x20;
  return code === 0x23 || (code >= 0x30 && code <= 0x39) || (letter >= 0x61 && letter <= 0x7a);
}

export const [space, percent, ampersand, backslash, semicolon, equalsSign, letterU] = [
  0x20, 0x25, 0x26, 0x5c, 0x3b, 0x3d, 0x75,
] as const;
export const lineWrap = -1;
/** `\n`, `\r`, `\t`, `\b`, `\f`, `\v`. */
const controls: readonly number[] = Array.from('nrtbfv', (letter) => letter.charCodeAt(0));
const entities: ReadonlyMap<string, number> = new Map(
  Object.entries({ amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' }).map(([name, sign]) => [
    name,
    sign.charCodeAt(0),
  ]),
);
const longestEntity = 12;
