import type { Hit, Redactor } from '../core/redactor.js';

/** Searches bytes that come in chunks, as if they were one: a value that is cut by their ends is found. */
export interface StreamSearch {
  push(chunk: Buffer): Hit[];
  end(): Hit[];
}

export function createStreamSearch(redactor: Redactor): StreamSearch {
  const { reach } = redactor;
  let kept: Buffer = Buffer.alloc(0);
  let decided = 0; // within `kept`
  const search = (window: Buffer, to: number) => {
    const hits = redactor.search(window, { from: decided, to });
    decided = Math.max(decided, to, hits.at(-1)?.end ?? 0);
    return hits;
  };
  return {
    push(chunk) {
      const window = kept.length === 0 ? chunk : Buffer.concat([kept, chunk]);
      const hits = search(window, Math.max(decided, window.length - reach));
      const from = Math.max(0, Math.min(decided, window.length - reach) - reach);
      kept = Buffer.from(window.subarray(from));
      decided -= from;
      return hits;
    },
    end: () => search(kept, kept.length),
  };
}
