import { createHash } from 'node:crypto';
import { lstat, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { readOwnFile } from '../files/own-path.js';
import { createFileOnce, replaceFile } from './atomic-file.js';
import { formatLeaseRecord, parseLeaseRecord, type LeaseRecord } from './lease-record.js';
import { namesIn } from './names-in.js';
import { errnoOf } from './store-error.js';

/** A file of a lease: `<hash of its name>.<generation>.lease`. The higher generation is newer. */
export interface LeaseFile {
  readonly hash: string;
  readonly generation: number;
}

/** Content of a lease file: a record, or something unreadable last written at `writtenAtMs`. */
export type LeaseContent = LeaseRecord | { readonly writtenAtMs: number };

export interface LeaseFiles {
  /** All files of all leases. Includes every file that existed before the call. */
  list(): Promise<LeaseFile[]>;
  /** `undefined` if the file is gone. */
  read(file: LeaseFile): Promise<LeaseContent | undefined>;
  /** Returns `false` if the file already exists. */
  create(file: LeaseFile, record: LeaseRecord): Promise<boolean>;
  replace(file: LeaseFile, record: LeaseRecord): Promise<void>;
  remove(file: LeaseFile): Promise<void>;
}

/** Reads and writes lease files. Decides nothing about leases. */
export function createLeaseFiles(folder: string, randomId: () => string): LeaseFiles {
  const pathOf = ({ hash, generation }: LeaseFile) => join(folder, `${hash}.${generation}.lease`);
  const write = { randomId, sync: false }; // after a power failure, the lease has no holder
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
      // A file of an ended lease is harmless, and removal is tried again later.
      await rm(pathOf(file), { force: true }).catch(() => undefined);
    },
  };
}

/** Lease names may contain anything. File names must not, and should not reveal accounts. */
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

/** Returns an empty text if it is not our file. Earlier ones may be readable by others. */
function readText(path: string): string {
  try {
    const read = readOwnFile(path, { maxBytes: 64 * 1024, access: 'unshared' });
    return 'text' in read ? read.text : '';
  } catch (error) {
    if (unreadable.has(errnoOf(error) ?? '')) return '';
    throw error;
  }
}

// Another user's file, or on Windows a file that another process has open.
const unreadable = new Set(['EISDIR', 'EACCES', 'EPERM', 'EBUSY']);
