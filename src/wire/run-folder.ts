import { randomBytes, randomUUID } from 'node:crypto';
import { renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import {
  createProcessFolder,
  removeProcessFolder,
  type ProcessFolder,
  type ProcessFolderOptions,
} from '../files/process-folder.js';
import { brokerAddress } from './broker-address.js';
import type { BrokerHandle } from './ask-broker.js';

/** The private folder of one run: its socket, the file with its address, and its temporary files. */
export interface RunFolder extends BrokerHandle, ProcessFolder {
  readonly handleFile: string;
}

/**
 * Creates the folder (0700) with the address file (0600), and removes folders that killed runs left.
 *
 * @throws AuthSessionsError `ERR_FOLDER_NOT_PRIVATE`
 */
export function createRunFolder(options: ProcessFolderOptions = {}): RunFolder {
  const made = createProcessFolder(options);
  const pass = randomBytes(32).toString('base64url');
  const address = brokerAddress(made.folder, options.platform);
  const handleFile = path.join(made.folder, 'broker.json');
  writeWhole(handleFile, { address, pass } satisfies BrokerHandle);
  return { ...made, handleFile, address, pass };
}

/** Marks the broker as ended for good, for later requests. */
export function markLost(handleFile: string): void {
  process.stderr.write('auth-sessions: the broker ended again. No more sessions are available in this run\n');
  try {
    writeWhole(handleFile, { lost: true });
  } catch {
    // Requests then find no broker, and give up later.
  }
}

/** Removes a run's folder, and waits briefly for files that an ending browser still holds. Never throws. */
export function removeRunFolder(folder: string): void {
  try {
    removeProcessFolder(folder);
  } catch {
    // The next run removes what is left.
  }
}

/** Workers may read it at any time. */
function writeWhole(file: string, content: unknown): void {
  const temporary = `${file}.${randomUUID()}`;
  writeFileSync(temporary, JSON.stringify(content), { mode: 0o600, flag: 'wx' });
  renameSync(temporary, file);
}
