import { randomUUID } from 'node:crypto';
import { lstat, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Clock, RefusalStore } from '../core/ports.js';
import {
  formatRefusal,
  isInForce,
  parseRefusal,
  refusedTtlMs,
  unreadableRefusal,
  type Refusal,
} from '../core/refusal.js';
import type { SystemUser } from '../files/own-path.js';
import { replaceFile } from './atomic-file.js';
import { checkEntryKey } from './check-store-arguments.js';
import { readEntry } from './encrypted-file.js';
import { removeOldFiles } from './remove-old-files.js';
import { withStoreErrors } from './store-error.js';
import { createStoreFolder } from './store-folder.js';

export interface FileRefusalsOptions {
  /** Folder of the session store. */
  readonly folder: string;
  readonly clock: Clock;
  /** Unique among all processes that share the folder. Default: a random UUID. */
  readonly randomId?: () => string;
  /** The required owner of the folder. Default: this process's user. */
  readonly user?: SystemUser | undefined;
}

/**
 * Stores rejections as one file each, mode 0600, in the folder `refusals` of a session store. An unreadable file with
 * such a name counts as a rejection: damaging a file must not cause a password to be sent again.
 *
 * @throws AuthSessionsError from every method: `ERR_STORE_UNWRITABLE`; `ERR_FOLDER_NOT_PRIVATE`
 */
export function createFileRefusals(options: FileRefusalsOptions): RefusalStore {
  const { clock, randomId = randomUUID } = options;
  const store = resolve(options.folder);
  const folder = join(store, 'refusals');
  const place = createStoreFolder({ folder: store, randomId, user: options.user });
  const fileOf = (account: string) => join(folder, `${account}${fileEnd}`);
  return {
    async get(account) {
      checkEntryKey(account);
      return withStoreErrors({ folder }, async () => {
        if (!(await place.isTrusted())) return undefined;
        const refusal = await readRefusal(fileOf(account));
        return refusal && isInForce(refusal, clock.nowMs()) ? refusal : undefined;
      });
    },
    async put(account, refusal) {
      checkEntryKey(account);
      await withStoreErrors({ folder }, async () => {
        await place.ensure('refusals');
        await replaceFile(fileOf(account), formatRefusal(refusal), { randomId });
        // Expired by any clock.
        await removeOldFiles(folder, clock.nowMs() - 2 * refusedTtlMs);
      });
    },
    async remove(account) {
      checkEntryKey(account);
      await withStoreErrors({ folder }, async () => {
        if (await place.isTrusted()) await rm(fileOf(account), { force: true });
      });
    },
  };
}

async function readRefusal(file: string): Promise<Refusal | undefined> {
  const text = await readEntry(file);
  if (text === undefined) return undefined;
  const refusal = parseRefusal(text);
  if (refusal) return refusal;
  const writtenAtMs = await lstat(file).then(
    ({ mtimeMs }) => mtimeMs,
    () => undefined, // removed meanwhile
  );
  return writtenAtMs === undefined ? undefined : unreadableRefusal(writtenAtMs);
}

const fileEnd = '.refusal';
