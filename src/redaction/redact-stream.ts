import type { Redactor } from './redactor.js';

/** Redacts a stream chunk by chunk: a value that two chunks share is found, and nothing is held back for no reason. */
export interface StreamRedactor {
  /** What may go on now. The end stays when it may be the beginning of a known value, or of a character. */
  push(chunk: Buffer): Buffer;
  /** What was held back: when the stream ends, or has been silent for a while. */
  flush(): Buffer;
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
  };
}

/** A value that is there already is not parted, also where another one may begin in its midst. */
function endOfWhole(bytes: Buffer, redactor: Pick<Redactor, 'search' | 'openFrom'>): number {
  const end = Math.min(redactor.openFrom(bytes), startOfLastCharacter(bytes));
  if (end === bytes.length || isEndOfLine(bytes, end)) return bytes.length;
  const parted = redactor.search(bytes).find((hit) => hit.start < end && hit.end > end);
  return parted?.start ?? end;
}

/** A line whose last letters are the first of a value is a line: nearly every one would be held otherwise. */
function isEndOfLine(bytes: Buffer, end: number): boolean {
  return bytes.at(-1) === lineFeed && bytes.length - end <= shortestBeginning;
}

const lineFeed = 0x0a;
/** With the line's end, in bytes. */
const shortestBeginning = 4;

/** Of a character in UTF-8 that the bytes do not have all of; their end where the last one is whole. */
function startOfLastCharacter(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back += 1) {
    const byte = bytes[bytes.length - back] ?? 0;
    if ((byte & 0xc0) === 0x80) continue; // goes on
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    return length > back ? bytes.length - back : bytes.length;
  }
  return bytes.length;
}
