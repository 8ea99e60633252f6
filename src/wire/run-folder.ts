import { randomBytes, randomUUID } from 'node:crypto';
import { renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import {
  createProcessFolder,
  prefix,
  removeProcessFolder,
  type ProcessFolder,
  type ProcessFolderOptions,
} from '../files/process-folder.js';
import type { BrokerHandle } from './ask-broker.js';

/** The private place of one run: its socket, the file that leads to it, and its temporary files. */
export interface RunFolder extends BrokerHandle, ProcessFolder {
  readonly handleFile: string;
}

/**
 * Makes the folder (0700) and the handle in it (0600). Folders that killed runs have left are removed on the way.
 *
 * @throws AuthSessionsError `ERR_FOLDER_NOT_PRIVATE`
 */
export function createRunFolder(options: ProcessFolderOptions = {}): RunFolder {
  const { platform = process.platform } = options;
  const made = createProcessFolder(options);
  const secret = randomBytes(32).toString('base64url');
  const address =
    platform === 'win32'
      ? `\\\\.\\pipe\\${prefix}${randomBytes(16).toString('hex')}`
      : path.join(made.folder, 's');
  const handleFile = path.join(made.folder, 'broker.json');
  writeWhole(handleFile, { address, secret } satisfies BrokerHandle);
  return { ...made, handleFile, address, secret };
}

/** Tells everybody who still asks that there is no broker any more, and will be none. */
export function markLost(handleFile: string): void {
  process.stderr.write('auth-sessions: the broker ended again; no session can be asked for any more\n');
  try {
    writeWhole(handleFile, { lost: true });
  } catch {
    // Whoever asks finds no broker, and gives up later.
  }
}

/** Removes a run's folder, and waits a little for files that a dying browser still holds. Never throws. */
export function removeRunFolder(folder: string): void {
  try {
    removeProcessFolder(folder);
  } catch {
    // What stays is removed by the next run.
  }
}

/** Workers may read it at any moment. */
function writeWhole(file: string, content: unknown): void {
  const temporary = `${file}.${randomUUID()}`;
  writeFileSync(temporary, JSON.stringify(content), { mode: 0o600, flag: 'wx' });
  renameSync(temporary, file);
}
