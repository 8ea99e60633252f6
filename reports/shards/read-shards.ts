import path from 'node:path';
import { readShardPart } from './part-files.js';
import type { ShardPart, ShardPosition } from './shard-part.js';

/** A blob report, as Playwright announces it in a merge. */
export interface MergedBlob {
  readonly file: string;
  readonly shard: ShardPosition | null;
}

/** What the blob reports of a merge say about sessions. */
export interface ReadShards {
  readonly parts: readonly { readonly label: string; readonly part: ShardPart }[];
  /** Shards without a usable part. */
  readonly missing: readonly MissingShard[];
  /** Why the merge fails; each names a shard. */
  readonly troubles: readonly string[];
}

export interface MissingShard {
  readonly label: string;
  readonly missing: string;
}

export function readShards(blobs: readonly MergedBlob[]): ReadShards {
  const labelled = labelsOf(withoutCopies(blobs.map((blob) => ({ blob, part: readShardPart(blob.file) }))));
  const parts = labelled.flatMap(({ label, part }) => (typeof part === 'object' ? { label, part } : []));
  const missing = labelled.flatMap(({ label, part }) =>
    typeof part === 'object' ? [] : { label, missing: part === undefined ? withoutPart : unusable(part) },
  );
  const damaged = labelled.flatMap(({ label, part }) =>
    typeof part === 'string' ? `shard ${label}: ${unusable(part)}` : [],
  );
  const leaks = parts.flatMap(({ label, part: { leakCheck } }) =>
    leakCheck === 'clean'
      ? []
      : `shard ${label}: its leak check ${leakCheck === 'failed' ? 'failed' : 'did not finish'}`,
  );
  return { parts, missing: [...missing, ...absentShards(blobs)], troubles: [...damaged, ...leaks] };
}

interface Found {
  readonly blob: MergedBlob;
  readonly part: ReturnType<typeof readShardPart>;
}

/** A blob report that is in the folder twice, for example after two downloads, is of one run. */
function withoutCopies(found: readonly Found[]): Found[] {
  const seen = new Set<string>();
  return found.filter(({ part }) => {
    if (typeof part !== 'object') return true;
    const run = `${part.blobDigest} ${part.leakCheck}`; // a failed check is not hidden by a copy
    const isFirst = !seen.has(run);
    seen.add(run);
    return isFirst;
  });
}

/** A shard that ran again, for example as a failed job, has several blob reports; the first one began first. */
function labelsOf(found: readonly Found[]): (Found & { readonly label: string })[] {
  const startOf = ({ part }: Found) => (typeof part === 'object' ? part.summary.startedAtMs : Infinity);
  const seen = new Map<string, number>();
  return found
    .toSorted((one, other) => (startOf(one) < startOf(other) ? -1 : 1))
    .map((one) => {
      const { file, shard } = one.blob;
      const label = shard ? `${shard.current}/${shard.total}` : path.basename(file, '.zip');
      const times = (seen.get(label) ?? 0) + 1;
      seen.set(label, times);
      return { ...one, label: times === 1 ? label : `${label} (run ${times})` };
    });
}

/** Shards of which there is no blob report. Runs with different numbers of shards may be merged. */
function absentShards(blobs: readonly MergedBlob[]): MissingShard[] {
  const shards = blobs.flatMap(({ shard }) => shard ?? []);
  const totals = [...new Set(shards.map(({ total }) => total))];
  return totals.flatMap((total) => {
    const present = new Set(shards.filter((one) => one.total === total).map(({ current }) => current));
    return Array.from({ length: Math.min(maxShards, total) }, (_, index) => index + 1)
      .filter((number) => !present.has(number))
      .map((number) => ({ label: `${number}/${total}`, missing: 'there is no blob report of it' }));
  });
}

function unusable(why: string): string {
  return `its sessions cannot be read: ${why}`;
}

const withoutPart =
  'its blob report has no sessions next to it: the run did not start, or only the .zip files were kept';
const maxShards = 10_000;
