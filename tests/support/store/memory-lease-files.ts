import type { LeaseFile, LeaseFiles } from '../../../src/store/lease-files.js';
import type { LeaseRecord } from '../../../src/store/lease-record.js';

/** Lease files without a disk. Each call happens at one moment, which `atItsMoment` chooses. */
export function createMemoryLeaseFiles(
  files: Map<string, LeaseRecord>,
  atItsMoment: <T>(act: () => T) => Promise<T>,
): LeaseFiles {
  return {
    list: async () => atItsMoment(() => [...files.keys()].map(parseFile)),
    read: async (file) => atItsMoment(() => files.get(formatFile(file))),
    create: async (file, record) =>
      atItsMoment(() => {
        if (files.has(formatFile(file))) return false;
        files.set(formatFile(file), record);
        return true;
      }),
    replace: async (file, record) => atItsMoment(() => void files.set(formatFile(file), record)),
    remove: async (file) => atItsMoment(() => void files.delete(formatFile(file))),
  };
}

export function formatFile({ hash, generation }: LeaseFile): string {
  return `${hash}.${generation}`;
}

function parseFile(name: string): LeaseFile {
  const [hash = '', generation] = name.split('.');
  return { hash, generation: Number(generation) };
}
