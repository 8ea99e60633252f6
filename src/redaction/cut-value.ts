/**
 * Where a value that was cut in its middle ends. Browsers tell of long values in objects on the console so:
 * `{token: eyJhb…4fQ}`. `end` is where its beginning ends; what was searched with is as good a guess as any other
 * value that begins alike, so all are asked.
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

/** Of `…`, as it is or as JSON writes it, or of three full stops; 0 where there is none. */
export function ellipsisLength(bytes: Uint8Array, at: number): number {
  return ellipses.find((one) => one.every((byte, index) => bytes[at + index] === byte))?.length ?? 0;
}

/**
 * How much of a beginning tells a value: more than what all of its kind begin with, as `otpauth://totp/…` stands in
 * texts that explain it.
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

/** Fewer signs before an ellipsis tell nothing. */
export const shortestCut = 8;
const shortestTail = 6;
const longestTail = 500;
const ellipses = ['…', '...', '\\u2026'].map((text) => Buffer.from(text));
