import type { Clock, Lease, LeaseOptions } from '../core/ports.js';
import { thisProcess } from '../files/process-identity.js';
import { createFileLease, removeOwned, type OwnedFile } from './held-file-lease.js';
import { hashLeaseName, type LeaseFile, type LeaseFiles } from './lease-files.js';
import { isHeld, type LeaseRecord } from './lease-record.js';

export interface FileLeaseContext {
  readonly files: LeaseFiles;
  readonly clock: Clock;
  readonly randomId: () => string;
  /** Names the place in which process numbers are comparable. */
  readonly host: string;
  readonly isProcessAlive: (pid: number, start?: string) => boolean;
}

/**
 * Claims a lease kept in files, among any number of processes that share the folder.
 *
 * A lease's files are numbered by generation. A claim looks at all of them; if none is held, it creates the next
 * generation, which only one process can do, and then looks again. Everybody creates before looking: of two overlapping
 * claims, at least one sees the other's file and withdraws its own. So at most one holds the lease, even if numbers
 * were read long ago, and even if old files have been removed meanwhile.
 *
 * A claim that finds a listed file gone gives up: somebody else claims just now, and may become the holder under that
 * number. A newer file, even one that is withdrawn, would look to that holder as if its lease had passed on.
 *
 * Three rules ensure this. A file appears with its whole content. Only its owner removes or writes a held file. The
 * newest file stays when it is released, so that numbers increase while anybody may depend on them.
 */
export async function claimFileLease(
  context: FileLeaseContext,
  { name, ttlMs, outlivesHolder = false }: LeaseOptions & { name: string; ttlMs: number },
): Promise<Lease | undefined> {
  const owned = await claim(context, hashLeaseName(name), { ttlMs, outlivesHolder });
  return owned && createFileLease(context, owned);
}

/**
 * Removes files of leases that ended more than an hour ago, or two days ago for something used up, such as a time step:
 * a clock that goes a day ahead and returns must not use it again. Each is first claimed as usual, so that a late
 * holder finds it taken, and nobody can claim it between the check and the removal.
 */
export async function sweepFileLeases(context: FileLeaseContext): Promise<void> {
  const all = await context.files.list();
  for (const hash of new Set(all.map((file) => file.hash))) {
    const ofOne = all.filter((file) => file.hash === hash);
    if (!(await allEndedLongAgo(context, ofOne))) continue;
    const owned = await claim(context, hash, { ttlMs: 60_000, outlivesHolder: false });
    if (owned) await removeOwned(context, owned);
  }
}

async function claim(
  context: FileLeaseContext,
  hash: string,
  options: { ttlMs: number; outlivesHolder: boolean },
): Promise<OwnedFile | undefined> {
  const seen = await listOf(context, hash);
  for (const file of seen) if ((await stateOf(context, file)) !== 'free') return undefined;
  const file = { hash, generation: nextGeneration(seen, context.clock.nowMs()) };
  const owned = { file, record: newRecord(context, options) };
  if (!(await context.files.create(file, owned.record))) return undefined;
  try {
    const others = (await listOf(context, hash)).filter(({ generation }) => generation !== file.generation);
    if (others.every((other) => other.generation < file.generation) && !(await anyHeld(context, others))) {
      for (const other of others) await context.files.remove(other);
      return owned;
    }
  } catch (error) {
    await removeOwned(context, owned);
    throw error;
  }
  await removeOwned(context, owned);
  return undefined;
}

// Continues above all earlier numbers even after files are removed: numbers begin at the hour, times a million.
function nextGeneration(seen: readonly LeaseFile[], nowMs: number): number {
  if (seen.length === 0) return Math.max(0, Math.floor(nowMs / hourMs)) * 1_000_000 + 1;
  return Math.max(...seen.map(({ generation }) => generation)) + 1;
}

function newRecord(
  { clock, host, randomId }: FileLeaseContext,
  { ttlMs, outlivesHolder }: { ttlMs: number; outlivesHolder: boolean },
): LeaseRecord {
  const expiresAtMs = clock.nowMs() + ttlMs;
  return { ...thisProcess(), owner: randomId(), host, ttlMs, expiresAtMs, released: false, outlivesHolder };
}

async function listOf({ files }: FileLeaseContext, hash: string): Promise<LeaseFile[]> {
  return (await files.list()).filter((file) => file.hash === hash);
}

async function anyHeld(context: FileLeaseContext, files: readonly LeaseFile[]): Promise<boolean> {
  for (const file of files) if ((await stateOf(context, file)) === 'held') return true;
  return false;
}

async function stateOf(
  { files, clock, host, isProcessAlive }: FileLeaseContext,
  file: LeaseFile,
): Promise<'held' | 'free' | 'gone'> {
  const content = await files.read(file);
  if (content === undefined) return 'gone';
  const nowMs = clock.nowMs();
  const held =
    'writtenAtMs' in content
      ? Math.abs(nowMs - content.writtenAtMs) < unreadableGraceMs
      : isHeld(content, { nowMs, host, isProcessAlive });
  return held ? 'held' : 'free';
}

async function allEndedLongAgo(
  { files, clock }: FileLeaseContext,
  ofOne: readonly LeaseFile[],
): Promise<boolean> {
  const contents = await Promise.all(ofOne.map(async (file) => files.read(file)));
  return contents.every((content) => {
    if (content === undefined) return true;
    if ('writtenAtMs' in content) return content.writtenAtMs < clock.nowMs() - hourMs;
    const keptMs = content.outlivesHolder ? 2 * dayMs : hourMs;
    return content.expiresAtMs < clock.nowMs() - keptMs;
  });
}

const hourMs = 60 * 60_000;
const dayMs = 24 * hourMs;
// An unreadable file may be incomplete, if the file system cannot create files atomically.
const unreadableGraceMs = 30_000;
