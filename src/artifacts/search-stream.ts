import type { Hit } from '../redaction/hit.js';
import type { Redactor } from '../redaction/redactor.js';

/** Searches chunks of bytes as one stream: a value cut by a chunk's end is found. */
export interface StreamSearch {
  push(chunk: Buffer): Hit[];
  end(): Hit[];
}

export function createStreamSearch(redactor: Redactor): StreamSearch {
  const { reach } = redactor;
  let window: Buffer = Buffer.alloc(0); // reused: only its first `filled` bytes count
  let filled = 0;
  let decided = 0; // offset in the window
  const search = (to: number) => {
    const hits = redactor.search(window.subarray(0, filled), { from: decided, to });
    decided = Math.max(decided, to, hits.at(-1)?.end ?? 0);
    return hits;
  };
  return {
    push(chunk) {
      if (filled + chunk.length > window.length) window = enlarged(window, filled, filled + chunk.length);
      filled += chunk.copy(window, filled);
      const hits = search(Math.max(decided, filled - reach));
      const from = Math.max(0, Math.min(decided, filled - reach) - reach);
      window.copyWithin(0, from, filled);
      filled -= from;
      decided -= from;
      return hits;
    },
    end: () => search(filled),
  };
}

function enlarged(from: Buffer, filled: number, needed: number): Buffer {
  const to = Buffer.allocUnsafe(Math.ceil(needed * 1.1));
  from.copy(to, 0, 0, filled);
  return to;
}
