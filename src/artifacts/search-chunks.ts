import { setImmediate as nextTurn } from 'node:timers/promises';
import { archiveKind, closedFormat, lastZipEnd, type ArchiveKind } from './archive-kind.js';
import { beginningsIn } from './base64-archives.js';
import { isPdf } from './pdf-document.js';
import { isTar } from './scan-tar.js';
import type { ScanTarget } from './scan-target.js';
import { createStreamSearch } from './search-stream.js';
import { directoryTailBytes } from './zip-directory.js';

/** What a search of all bytes has found out about them. */
export interface Searched {
  /** Where base64 archives may begin. */
  readonly archives: readonly number[];
  readonly kind: ArchiveKind | 'tar' | undefined;
  /** A compressed format that cannot be opened. */
  readonly closed: string | undefined;
  readonly startsAsPdf: boolean;
}

/** Searches every byte as it is, and notes what else there is to open. */
export async function searchChunks(
  chunks: AsyncIterable<Buffer>,
  target: ScanTarget,
  size: number,
): Promise<Searched> {
  const search = createStreamSearch(target.redactor);
  const archives = new Set<number>();
  let kind: Searched['kind'];
  let closed: string | undefined;
  let startsAsPdf = false;
  let at = 0;
  let zipEnd = -Infinity;
  let last: Buffer = Buffer.alloc(0);
  for await (const chunk of chunks) {
    spend(target, chunk.length);
    if (at === 0) {
      kind = isTar(chunk) ? 'tar' : archiveKind(chunk, { name: target.name, isWhole: chunk.length === size });
      closed = closedFormat(chunk);
      startsAsPdf = isPdf(chunk);
    }
    target.findings.leaks(target.members, search.push(chunk));
    const window = Buffer.concat([last, chunk]);
    for (const start of beginningsIn(window))
      if ((start > 0 || at === 0) && !archives.has(at - last.length + start)) {
        target.meter.entry();
        archives.add(at - last.length + start);
      }
    const tail = window.subarray(-directoryTailBytes);
    const zipEndInTail = lastZipEnd(tail);
    if (zipEndInTail !== -1) zipEnd = at + chunk.length - tail.length + zipEndInTail;
    last = Buffer.from(window.subarray(-seamBytes));
    at += chunk.length;
    await nextTurn(); // lets signals and progress through
  }
  target.findings.leaks(target.members, search.end());
  const isOther = kind === undefined && closed === undefined && !startsAsPdf;
  // Anything may precede a zip archive, as in self-extracting programs.
  if (isOther && at - zipEnd <= directoryTailBytes) kind = 'zip';
  return { archives: [...archives], kind, closed, startsAsPdf };
}

function spend({ meter, signal, onBytes }: ScanTarget, bytes: number): void {
  signal?.throwIfAborted();
  meter.bytes(bytes);
  onBytes?.(bytes);
}

/** Bytes that may belong to a base64 beginning cut by the end of a chunk, with an escape before it. */
const seamBytes = 20;
