import { createHash, randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { AuthSessionsError } from '../core/errors.js';
import type { Clock, SessionStore } from '../core/ports.js';
import type { UseStore } from '../core/use-store.js';
import type { SystemUser } from '../files/own-path.js';
import { identifyProcess, isProcessAlive, thisHost } from '../files/process-identity.js';
import { replaceFile } from './atomic-file.js';
import { checkTtl } from './check-store-arguments.js';
import { checkClaim, checkResource } from './check-use-arguments.js';
import { readEntry } from './encrypted-file.js';
import { createGuardedChanges } from './guarded-changes.js';
import { namesIn } from './names-in.js';
import { withStoreErrors } from './store-error.js';
import { createStoreFolder } from './store-folder.js';
import {
  claimSlot,
  emptyQueue,
  extendSlot,
  formatQueue,
  isEmpty,
  parseQueue,
  readQueue,
  releaseSlot,
  type UseQueue,
} from './use-queue.js';

export interface FileUsesOptions {
  /** Folder of the session store. */
  readonly folder: string;
  /** Its leases guard each change. */
  readonly store: Pick<SessionStore, 'tryLease'>;
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
 * Stores uses as one file per resource, mode 0600, in the folder `uses` of a session store. A damaged file is an error
 * and not an empty queue: nobody knows who holds what.
 *
 * @throws AuthSessionsError from every method: `ERR_STORE_UNWRITABLE`; `ERR_FOLDER_NOT_PRIVATE`
 */
export function createFileUses(options: FileUsesOptions): UseStore {
  const {
    clock,
    randomId = randomUUID,
    host = thisHost(),
    isProcessAlive: isAlive = isProcessAlive,
  } = options;
  const store = resolve(options.folder);
  const folder = join(store, 'uses');
  const place = createStoreFolder({ folder: store, randomId, user: options.user });
  const inTurn = createGuardedChanges(options);
  const observe = () => ({
    nowMs: clock.nowMs(),
    isDead: (keeper: { host: string; pid: number; start?: string | undefined }) =>
      keeper.host === host && !isAlive(keeper.pid, keeper.start),
  });
  const fileOf = (resource: string) => {
    checkResource(resource);
    return join(folder, `${createHash('sha256').update(resource).digest('hex').slice(0, 40)}${fileEnd}`);
  };
  /** `undefined`: nothing changes. */
  const change = async <Result>(
    resource: string,
    decide: (queue: UseQueue) => { readonly queue: UseQueue | undefined; readonly answer: Result },
  ): Promise<Result> => {
    const file = fileOf(resource);
    return withStoreErrors({ folder }, async () => {
      await place.ensure('uses');
      return inTurn(`uses:${resource}`, async (before) => {
        const { queue, answer } = decide((await readFileQueue(file)) ?? emptyQueue(resource));
        if (queue && isEmpty(queue)) {
          await before();
          await rm(file, { force: true });
        } else if (queue) await replaceFile(file, formatQueue(queue), { randomId, before, sync: false });
        return answer;
      });
    });
  };
  return {
    async claim(resource, claim) {
      checkClaim(claim);
      const keeper = { ...identifyProcess(claim.keeper ?? process.pid), host };
      return change(resource, (queue) => claimSlot(queue, { ...claim, keeper }, observe()));
    },
    async extend(resource, ticket, ttlMs) {
      checkTtl(ttlMs);
      return change(resource, (old) => {
        const queue = extendSlot(old, { ticket, ttlMs, nowMs: clock.nowMs() });
        return { queue, answer: queue !== undefined };
      });
    },
    async release(resource, ticket) {
      await change(resource, (queue) => ({ queue: releaseSlot(queue, ticket), answer: undefined }));
    },
    read: async (resource) =>
      withStoreErrors({ folder }, async () => {
        if (!(await place.isTrusted())) return [];
        const files = resource === undefined ? await filesIn(folder) : [fileOf(resource)];
        const queues = await Promise.all(files.map(readFileQueue));
        return queues.flatMap((queue) => (queue && readQueue(queue, observe())) ?? []);
      }),
  };
}

async function readFileQueue(file: string): Promise<UseQueue | undefined> {
  const text = await readEntry(file);
  if (text === undefined) return undefined;
  const queue = parseQueue(text);
  if (queue) return queue;
  throw new AuthSessionsError('ERR_STORE_UNWRITABLE', {
    failed: `The file "${file}" cannot be read.`,
    known: 'It says who uses an account or an exclusive session, and was damaged.',
    next: 'End all runs that use this store, and delete the file.',
  });
}

async function filesIn(folder: string): Promise<string[]> {
  return (await namesIn(folder)).filter((name) => name.endsWith(fileEnd)).map((name) => join(folder, name));
}

const fileEnd = '.uses';
