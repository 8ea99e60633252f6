import type { Redactor } from './redactor.js';

/** Redacts a stream chunk by chunk. Finds values that span chunks, and holds back no more than necessary. */
export interface StreamRedactor {
  /** Returns what can be passed on. Holds back an end that may begin a known value or a character. */
  push(chunk: Buffer): Buffer;
  /** Returns what was held back: call it when the stream ends or has been silent for `patienceMs`. */
  flush(): Buffer;
  /**
   * How long to wait for the rest of what is held back, in milliseconds: longer for what is most likely a value that
   * was written in two pieces.
   */
  readonly patienceMs: number;
}

export function createStreamRedactor(
  redactor: Pick<Redactor, 'redactBytes' | 'search' | 'openFrom'>,
): StreamRedactor {
  let held: Buffer = Buffer.alloc(0);
  return {
    push(chunk) {
      const bytes = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
      const end = endOfWhole(bytes, redactor);
      held = Buffer.from(bytes.subarray(end));
      return redactor.redactBytes(bytes.subarray(0, end));
    },
    flush() {
      const rest = held;
      held = Buffer.alloc(0);
      return redactor.redactBytes(rest);
    },
    get patienceMs() {
      return held.length < likelyBeginning ? 200 : 5000;
    },
  };
}

/** In bytes. A question to a person ends with fewer that begin a value. */
const likelyBeginning = 8;

/** Does not split a complete value, even if another may begin inside it. */
function endOfWhole(bytes: Buffer, redactor: Pick<Redactor, 'search' | 'openFrom'>): number {
  const end = Math.min(redactor.openFrom(bytes), startOfLastCharacter(bytes));
  if (end === bytes.length || isEndOfLine(bytes, end)) return bytes.length;
  const parted = redactor.search(bytes).find((hit) => hit.start < end && hit.end > end);
  return parted?.start ?? end;
}

/** A line whose last letters begin a value is passed on: nearly every line would be held back otherwise. */
function isEndOfLine(bytes: Buffer, end: number): boolean {
  return bytes.at(-1) === lineFeed && bytes.length - end <= shortestBeginning;
}

const lineFeed = 0x0a;
/** In bytes, including the line's end. */
const shortestBeginning = 4;

/** Start of an incomplete UTF-8 character at the end, or the end if the last one is complete. */
function startOfLastCharacter(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back += 1) {
    const byte = bytes[bytes.length - back] ?? 0;
    if ((byte & 0xc0) === 0x80) continue; // continuation byte
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    return length > back ? bytes.length - back : bytes.length;
  }
  return bytes.length;
}
