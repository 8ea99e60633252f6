import { randomUUID } from 'node:crypto';
import { open, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Clock, Lease, SessionStore } from '../core/ports.js';
import { readWithoutTrust, type SystemUser } from '../files/own-path.js';
import { replaceFile } from './atomic-file.js';
import { claimFileLease, sweepFileLeases } from './file-lease.js';
import { createLeaseFiles } from './lease-files.js';
import { namesIn } from './names-in.js';
import { checkEntryKey, checkTtl, isEntryKey } from './port-arguments.js';
import { isProcessAlive, thisHost } from '../files/process-identity.js';
import { requireLease } from './require-lease.js';
import { errnoOf, withStoreErrors } from './store-error.js';
import { createStoreFolder } from './store-folder.js';
import { isTemporaryName, sweepTemporaryFiles } from './temporary-files.js';

export interface EncryptedFileStoreOptions {
  /** The folder in messages and reports, which should not show absolute paths. [folder] */
  readonly shownFolder?: string;
  /** Created on first use, for this user only (0700), with a `.gitignore` for its contents. */
  readonly folder: string;
  readonly clock: Clock;
  /** Unique among all processes that share the folder. Default: a random UUID. */
  readonly randomId?: () => string;
  /** Default: asks the system. */
  readonly isProcessAlive?: (pid: number, start?: string) => boolean;
  /** Names the place in which process numbers are comparable. Default: this host, boot and container. */
  readonly host?: string;
  /** The required owner of the folder. Default: this process's user. */
  readonly user?: SystemUser | undefined;
}

/**
 * Stores sealed sessions as one file each, `<key>.jwe`, mode 0600, and leases in the folder `leases` next to them. A
 * write replaces the old file atomically. Anything that is not a readable regular file is returned as an empty text,
 * which `openSession` rejects: it counts as missing, with a reason.
 *
 * For processes of one machine, or of several that share a folder and whose clocks agree to a few seconds. Use
 * Redis where a network file system lists files late.
 *
 * @throws AuthSessionsError from every method: `ERR_STORE_UNWRITABLE`, with stored entries unchanged;
 * `ERR_FOLDER_NOT_PRIVATE` for a folder that others can write
 */
export function createEncryptedFileStore(options: EncryptedFileStoreOptions): SessionStore {
  const { clock, randomId = randomUUID } = options;
  const folder = resolve(options.folder);
  const leases = join(folder, 'leases');
  const fileOf = (key: string) => join(folder, `${key}${entryEnd}`);
  const context = {
    files: createLeaseFiles(leases, randomId),
    clock,
    randomId,
    host: options.host ?? thisHost(),
    isProcessAlive: options.isProcessAlive ?? isProcessAlive,
  };
  const place = createStoreFolder({ ...options, folder, randomId });
  const sweepAtTimes = createInterval(clock, async () => {
    await sweepFileLeases(context);
    for (const one of [folder, leases]) await sweepTemporaryFiles(one, clock.nowMs());
  });
  return {
    description: `files in ${options.shownFolder ?? options.folder}`,
    async get(key) {
      checkEntryKey(key);
      return withStoreErrors({ folder }, async () =>
        (await place.isTrusted()) ? readEntry(fileOf(key)) : undefined,
      );
    },
    async put(key, sealed, under) {
      checkEntryKey(key);
      await withStoreErrors({ folder }, async () => {
        await place.ensure();
        await sweepTemporaryFiles(folder, clock.nowMs());
        await replaceFile(fileOf(key), sealed, { randomId, before: () => requireLease(under) });
      });
    },
    async remove(key) {
      checkEntryKey(key);
      await withStoreErrors({ folder }, async () => {
        if (await place.isTrusted()) await rm(fileOf(key), { force: true });
      });
    },
    keys: async () =>
      withStoreErrors({ folder }, async () => ((await place.isTrusted()) ? listEntries(folder) : [])),
    async tryLease(name, ttlMs, leaseOptions) {
      checkTtl(ttlMs);
      return withStoreErrors({ folder }, async () => {
        await place.ensure('leases');
        await sweepAtTimes();
        const lease = await claimFileLease(context, { ...leaseOptions, name, ttlMs });
        return lease && withLeaseErrors(folder, lease);
      });
    },
  };
}

/** The content of a file in the store: empty if it is not a readable regular file, `undefined` if it does not exist. */
export async function readEntry(path: string): Promise<string | undefined> {
  try {
    const file = await open(path, readWithoutTrust);
    try {
      return (await file.stat()).isFile() ? await file.readFile('utf8') : '';
    } finally {
      await file.close();
    }
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return undefined;
    if (unreadable.has(errnoOf(error) ?? '')) return '';
    throw error;
  }
}

async function listEntries(folder: string): Promise<string[]> {
  const names = await namesIn(folder);
  return names
    .filter((name) => name.endsWith(entryEnd) && !isTemporaryName(name))
    .map((name) => name.slice(0, -entryEnd.length))
    .filter(isEntryKey);
}

/** Runs `act` on the first call, and then at most every ten minutes. */
function createInterval(clock: Clock, act: () => Promise<void>): () => Promise<void> {
  let lastMs = -Infinity;
  return async () => {
    if (clock.nowMs() - lastMs < 10 * 60_000) return;
    lastMs = clock.nowMs();
    await act();
  };
}

function withLeaseErrors(folder: string, lease: Lease): Lease {
  return {
    extend: async (ttlMs) => withStoreErrors({ folder }, async () => lease.extend(ttlMs)),
    release: async () => withStoreErrors({ folder }, async () => lease.release()),
  };
}

const entryEnd = '.jwe';
// A link, a folder, a socket, or a file that this user cannot read.
const unreadable = new Set(['ELOOP', 'EMLINK', 'EISDIR', 'EACCES', 'EPERM', 'ENXIO', 'EBUSY']);
