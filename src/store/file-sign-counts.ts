import { randomUUID } from 'node:crypto';
import { join, resolve } from 'node:path';
import { AuthSessionsError } from '../core/errors.js';
import type { Clock, SessionStore } from '../core/ports.js';
import { isSignCount, type SignCountStore } from '../core/sign-count.js';
import type { SystemUser } from '../files/own-path.js';
import { replaceFile } from './atomic-file.js';
import { checkSignCounts, nextSignCounts, signCountKeptMs } from './check-sign-counts.js';
import { readEntry } from './encrypted-file.js';
import { createGuardedChanges } from './guarded-changes.js';
import { removeOldFiles } from './remove-old-files.js';
import { withStoreErrors } from './store-error.js';
import { createStoreFolder } from './store-folder.js';

export interface FileSignCountsOptions {
  /** Folder of the session store. */
  readonly folder: string;
  /** Its leases guard each change. */
  readonly store: Pick<SessionStore, 'tryLease'>;
  readonly clock: Clock;
  /** Unique among all processes that share the folder. Default: a random UUID. */
  readonly randomId?: () => string;
  /** The required owner of the folder. Default: this process's user. */
  readonly user?: SystemUser | undefined;
}

/**
 * Stores the last reserved counter of each passkey as one file, mode 0600, in the folder `sign-counts` of a session
 * store. A damaged file is an error and not a zero: sites reject counters that they have seen.
 *
 * @throws AuthSessionsError `ERR_STORE_UNWRITABLE`; `ERR_FOLDER_NOT_PRIVATE`
 */
export function createFileSignCounts(options: FileSignCountsOptions): SignCountStore {
  const { clock, randomId = randomUUID } = options;
  const store = resolve(options.folder);
  const folder = join(store, 'sign-counts');
  const place = createStoreFolder({ folder: store, randomId, user: options.user });
  const inTurn = createGuardedChanges(options);
  return {
    async reserve(passkey, range) {
      checkSignCounts(passkey, range);
      const file = join(folder, `${passkey}${fileEnd}`);
      return withStoreErrors({ folder }, async () => {
        await place.ensure('sign-counts');
        return inTurn(`sign-counts:${passkey}`, async (before) => {
          const last = await readCount(file);
          const base = nextSignCounts(last ?? 0, range);
          if (base === undefined) return undefined;
          await replaceFile(file, String(base + range.count), { randomId, before });
          // A new passkey removes the counters of those that no session has used for long.
          if (last === undefined) await removeOldFiles(folder, clock.nowMs() - signCountKeptMs);
          return base;
        });
      });
    },
  };
}

async function readCount(file: string): Promise<number | undefined> {
  const text = await readEntry(file);
  if (text === undefined) return undefined;
  if (/^\d{1,10}$/.test(text) && isSignCount(Number(text))) return Number(text);
  throw new AuthSessionsError('ERR_STORE_UNWRITABLE', {
    failed: `The file "${file}" cannot be read.`,
    known: 'It contains the signature counter of a passkey, and was damaged.',
    next: 'Remove the session that has the passkey, delete the file, and run again.',
  });
}

const fileEnd = '.count';
