import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { prefix } from '../files/process-folder.js';

/** Where a broker listens: a socket in the run's private folder. Windows has a named pipe, with a random name. */
export function brokerAddress(folder: string, platform: NodeJS.Platform = process.platform): string {
  return platform === 'win32'
    ? `${pipes}${prefix}${randomBytes(16).toString('hex')}`
    : path.join(folder, 's');
}

/** A named pipe ends with its process, and is no file. */
export function isNamedPipe(address: string): boolean {
  return address.startsWith(pipes);
}

const pipes = '\\\\.\\pipe\\';
