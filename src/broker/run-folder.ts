import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { BrokerHandle } from './client.js';

/** The private place of one run: its socket, the file that leads to it, and its temporary files. */
export interface RunFolder extends BrokerHandle {
  readonly folder: string;
  readonly handleFile: string;
  /** Where the broker and its browsers put their temporary files, so that they go with the run. */
  readonly temporary: string;
}

const prefix = 'auth-sessions-';

/**
 * Makes the folder (0700) and the handle in it (0600). Synchronous, like its removal: it must be gone when the
 * process is. Folders that killed runs have left are removed on the way.
 */
export function createRunFolder(platform: NodeJS.Platform = process.platform): RunFolder {
  removeAbandoned(tmpdir());
  const folder = mkdtempSync(path.join(tmpdir(), prefix));
  const temporary = path.join(folder, 'tmp');
  mkdirSync(temporary, { mode: 0o700 });
  const secret = randomBytes(32).toString('base64url');
  const address =
    platform === 'win32'
      ? `\\\\.\\pipe\\${prefix}${randomBytes(16).toString('hex')}`
      : path.join(folder, 's');
  const handleFile = path.join(folder, 'broker.json');
  writeFileSync(path.join(folder, 'pid'), String(process.pid), { mode: 0o600 });
  writeFileSync(handleFile, JSON.stringify({ address, secret } satisfies BrokerHandle), { mode: 0o600 });
  return { folder, temporary, handleFile, address, secret };
}

/** Tells everybody who still asks that there is no broker any more, and will be none. */
export function markLost(handleFile: string): void {
  process.stderr.write('auth-sessions: the broker ended again; no session can be asked for any more\n');
  tryTo(() => writeFileSync(handleFile, JSON.stringify({ lost: true }), { mode: 0o600 }));
}

/** Removes a run's folder, and waits a little for files that a dying browser still holds. */
export function removeRunFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
}

function removeAbandoned(parent: string): void {
  for (const name of readdirSync(parent).filter((one) => one.startsWith(prefix))) {
    const folder = path.join(parent, name);
    if (isAbandoned(folder)) tryTo(() => removeRunFolder(folder));
  }
}

/** Its runner is dead; its broker ends by itself within seconds. One that does not say whose it is stays. */
function isAbandoned(folder: string): boolean {
  const pid = tryTo(() => Number(readFileSync(path.join(folder, 'pid'), 'utf8')));
  if (pid === undefined || !Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ESRCH';
  }
}

function tryTo<Result>(act: () => Result): Result | undefined {
  try {
    return act();
  } catch {
    return undefined;
  }
}
