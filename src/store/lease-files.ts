import { createHash } from 'node:crypto';
import { lstat, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { readOwnFile } from '../files/own-path.js';
import { createFileOnce, replaceFile } from './atomic-file.js';
import { formatLeaseRecord, parseLeaseRecord, type LeaseRecord } from './lease-record.js';
import { namesIn } from './names-in.js';
import { errnoOf } from './store-error.js';

/** One file of a lease: `<hash of its name>.<generation>.lease`. Of two, the higher generation is the newer. */
export interface LeaseFile {
  readonly hash: string;
  readonly generation: number;
}

/** What a lease file holds: a record, or something unreadable that was last written at `writtenAtMs`. */
export type LeaseContent = LeaseRecord | { readonly writtenAtMs: number };

export interface LeaseFiles {
  /** All files there are, of every lease. Whatever exists from before the call is in it. */
  list(): Promise<LeaseFile[]>;
  /** `undefined` when the file is gone. */
  read(file: LeaseFile): Promise<LeaseContent | undefined>;
  /** `false` when the file exists already. */
  create(file: LeaseFile, record: LeaseRecord): Promise<boolean>;
  replace(file: LeaseFile, record: LeaseRecord): Promise<void>;
  remove(file: LeaseFile): Promise<void>;
}

/** The files below the leases, and no decision of theirs. */
export function createLeaseFiles(folder: string, randomId: () => string): LeaseFiles {
  const pathOf = ({ hash, generation }: LeaseFile) => join(folder, `${hash}.${generation}.lease`);
  const write = { randomId, sync: false }; // what a power cut spoils has no holder any more
  return {
    async list() {
      return (await namesIn(folder)).flatMap(parseName);
    },
    async read(file) {
      return readContent(pathOf(file));
    },
    async create(file, record) {
      return createFileOnce(pathOf(file), formatLeaseRecord(record), write);
    },
    async replace(file, record) {
      await replaceFile(pathOf(file), formatLeaseRecord(record), write);
    },
    async remove(file) {
      // What cannot be removed is in nobody's way: it is of an ended lease, and tried again later.
      await rm(pathOf(file), { force: true }).catch(() => undefined);
    },
  };
}

/** Lease names may hold anything; file names may not, and should not tell who has an account where. */
export function hashLeaseName(name: string): string {
  return createHash('sha256').update(name).digest('hex').slice(0, 32);
}

function parseName(name: string): LeaseFile[] {
  const [, hash, generation] = /^([0-9a-f]{32})\.([1-9][0-9]{0,14})\.lease$/.exec(name) ?? [];
  return hash === undefined ? [] : [{ hash, generation: Number(generation) }];
}

async function readContent(path: string): Promise<LeaseContent | undefined> {
  try {
    const { mtimeMs } = await lstat(path);
    return parseLeaseRecord(readText(path)) ?? { writtenAtMs: mtimeMs };
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** Nothing where it is no file of ours, whoever put it there. Earlier ones may be readable by others. */
function readText(path: string): string {
  try {
    const read = readOwnFile(path, { maxBytes: 64 * 1024, access: 'unshared' });
    return 'text' in read ? read.text : '';
  } catch (error) {
    if (unreadable.has(errnoOf(error) ?? '')) return '';
    throw error;
  }
}

// Another user's file, or Windows that has the file open elsewhere at this moment.
const unreadable = new Set(['EISDIR', 'EACCES', 'EPERM', 'EBUSY']);
