/**
 * The end of a value that was shortened in the middle, as browsers do for long values in logged objects: `{token:
 * eyJhb…4fQ}`. `end` is where its beginning ends. Any value with that beginning may be meant, so all are tried.
 */
export function endOfCutValue(bytes: Uint8Array, end: number, values: Iterable<string>): number {
  const start = end + ellipsisLength(bytes, end);
  let longest = 0;
  for (const value of values) {
    const plain = Buffer.from(value);
    const json = Buffer.from(JSON.stringify(value).slice(1, -1));
    longest = Math.max(longest, tailLength(bytes, start, plain), tailLength(bytes, start, json));
  }
  return longest === 0 ? end : start + longest;
}

/** Length of `…`, as it is or in JSON, or of three full stops; 0 if there is none. */
export function ellipsisLength(bytes: Uint8Array, at: number): number {
  return ellipses.find((one) => one.every((byte, index) => bytes[at + index] === byte))?.length ?? 0;
}

/**
 * Whether a beginning identifies a value: it must be longer than the prefix that all values of its kind share, such as
 * `otpauth://totp/…` in instructions.
 */
export function tellsValue(value: string, beginning: number): boolean {
  const common = /^otpauth:\/\/[^?]*\?(?:secret=)?/i.exec(value)?.[0].length ?? 0;
  return beginning >= common + shortestCut;
}

function tailLength(bytes: Uint8Array, start: number, value: Buffer): number {
  if (value.length < 2 * shortestCut) return 0;
  for (let length = Math.min(value.length, longestTail); length >= shortestTail; length -= 1) {
    const tail = value.subarray(value.length - length);
    if (tail.every((byte, index) => bytes[start + index] === byte)) return length;
  }
  return 0;
}

/** Fewer characters before an ellipsis identify nothing. */
export const shortestCut = 8;
const shortestTail = 6;
const longestTail = 500;
const ellipses = ['…', '...', '\\u2026'].map((text) => Buffer.from(text));
