import type { Clock, Lease } from '../core/ports.js';
import type { LeaseFile, LeaseFiles } from './lease-files.js';
import type { LeaseRecord } from './lease-record.js';
import { checkTtl } from './port-arguments.js';

/** A file that this process created, and what it last wrote there. */
export interface OwnedFile {
  readonly file: LeaseFile;
  readonly record: LeaseRecord;
}

interface HeldContext {
  readonly files: LeaseFiles;
  readonly clock: Clock;
}

/** A held lease. Its calls run one after another, so that a late `extend` cannot undo a `release`. */
export function createFileLease(context: HeldContext, owned: OwnedFile): Lease {
  const inTurn = createTurns();
  let ended = false;
  return {
    async extend(ttlMs) {
      checkTtl(ttlMs);
      return inTurn(async () => {
        if (!ended) ended = !(await extendOwned(context, owned, ttlMs));
        return !ended;
      });
    },
    async release() {
      await inTurn(async () => {
        if (ended) return;
        await releaseOwned(context, owned);
        ended = true;
      });
    },
  };
}

/** Removes our own file, unless the lease now belongs to another holder. */
export async function removeOwned({ files }: Pick<HeldContext, 'files'>, owned: OwnedFile): Promise<void> {
  if (await isStillOwn(files, owned)) await files.remove(owned.file);
}

// Looks before and after writing, as `claimFileLease` explains: a process that took the lease meanwhile has created a
// newer file, and one of the two sees the other.
async function extendOwned(context: HeldContext, owned: OwnedFile, ttlMs: number): Promise<boolean> {
  const { files, clock } = context;
  if (!(await isStillOwn(files, owned)) || (await hasNewer(files, owned))) return false;
  await files.replace(owned.file, { ...owned.record, ttlMs, expiresAtMs: clock.nowMs() + ttlMs });
  if (!(await hasNewer(files, owned))) return true;
  await releaseOwned(context, owned);
  return false;
}

async function releaseOwned({ files, clock }: HeldContext, owned: OwnedFile): Promise<void> {
  if (!(await isStillOwn(files, owned))) return;
  await files.replace(owned.file, { ...owned.record, expiresAtMs: clock.nowMs(), released: true });
}

async function isStillOwn(files: LeaseFiles, { file, record }: OwnedFile): Promise<boolean> {
  const content = await files.read(file);
  return content !== undefined && 'owner' in content && content.owner === record.owner;
}

async function hasNewer(files: LeaseFiles, { file }: OwnedFile): Promise<boolean> {
  const all = await files.list();
  return all.some(({ hash, generation }) => hash === file.hash && generation > file.generation);
}

function createTurns(): <T>(act: () => Promise<T>) => Promise<T> {
  let previous: Promise<unknown> = Promise.resolve();
  return async (act) => {
    const current = previous.then(act);
    previous = current.catch(() => undefined);
    return current;
  };
}
