import { readCanonically, readText } from './canonical-reading.js';
import type { CanonicalSign } from './read-escape.js';
import { anchorsOf, hasWitnesses, mayStandAt, type Anchor, type Range } from './value-anchors.js';

/**
 * Finds a value through escapes that no list of forms covers. A stretch of letters and digits that no escape changes is
 * searched for, and its surroundings are read canonically.
 */
export interface EscapedValue {
  /** Search for any of these. Each has at least four bytes. */
  readonly anchors: readonly Anchor[];
  /** The value's place in the bytes, given an anchor at `at`. */
  findAround(bytes: Uint8Array, at: number, anchor: Anchor): Range | undefined;
  /** The most bytes that the value may take. */
  readonly reach: number;
  /** The value itself, read in each way. */
  readonly readings: readonly { readonly signs: readonly CanonicalSign[] }[];
}

/** `undefined` if the value is too short or too long, or if no stretch identifies it. */
export function createEscapedValue(value: string): EscapedValue | undefined {
  if (value.length > longestValue) return undefined;
  const plain = readingOf(value, {});
  if (plain.signs.length < shortestReading) return undefined;
  let others: readonly Reading[] | undefined;
  // Rare readings have a cost only where they are used.
  const rare = () =>
    (others ??= rareOptions.map((options) =>
      value.includes(options.lettersOnly ? '\\' : '=') ? readingOf(value, options) : { ...plain, options },
    ));
  const anchors = anchorsOf(value, plain.signs);
  if (anchors.length === 0) return undefined;
  const symbols = value.replaceAll(/[0-9A-Za-z]/g, '').length;
  const reach = value.length + symbols * longestEscape + 64 + Math.ceil(value.length / 32) * 8;
  return {
    anchors,
    reach,
    get readings() {
      return [plain, ...rare().filter(({ signs }) => signs !== plain.signs)];
    },
    findAround(bytes, at, anchor) {
      if (!mayStandAt(bytes, at, anchor)) return undefined;
      const range = { from: at - reach, to: at + reach };
      const stretch = Buffer.from(bytes.buffer, bytes.byteOffset).subarray(Math.max(0, range.from), range.to);
      if (!hasWitnesses(stretch, anchor)) return undefined;
      const needed = rare().filter(({ options }) =>
        options.lettersOnly ? value.includes('\\') : stretch.includes(equalsSign),
      );
      for (const { options, signs } of [plain, ...needed]) {
        const first = signs.findIndex(({ start }) => start === anchor.offset);
        const around = readCanonically(bytes, range, options);
        const found = first === -1 ? -1 : indexOfStart(around, at) - first;
        const isSame = found >= 0 && signs.every(({ code }, index) => around[found + index]?.code === code);
        const [head, tail] = [around[found], around[found + signs.length - 1]];
        if (isSame && head && tail) return { start: head.start, end: tail.end };
      }
      return undefined;
    },
  };
}

interface Reading {
  readonly options: { readonly quotedPrintable?: boolean; readonly lettersOnly?: boolean };
  readonly signs: readonly CanonicalSign[];
}

function readingOf(value: string, options: Reading['options']): Reading {
  return { options, signs: readText(value, options) };
}

/** The characters are sorted by place. */
function indexOfStart(signs: readonly CanonicalSign[], at: number): number {
  let [low, high] = [0, signs.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((signs[middle]?.start ?? at) < at) low = middle + 1;
    else high = middle;
  }
  return signs[low]?.start === at ? low : -signs.length - longestValue;
}

const rareOptions: readonly Reading['options'][] = [{ quotedPrintable: true }, { lettersOnly: true }];
const equalsSign = 0x3d;
const shortestReading = 8;
/** `%2525252525` and a chain of fifteen backslashes. */
const longestEscape = 16;
/** Longer values have lines, or are data. */
const longestValue = 4096;
