import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Runs `act` while no other process of this machine does so under the same path. The lock of a process that died
 * does not count.
 *
 * @template T
 * @param {{ path: string, say: (line: string) => void }} lock
 * @param {() => Promise<T>} act
 * @returns {Promise<T>}
 */
export async function withLock({ path, say }, act) {
  mkdirSync(dirname(path), { recursive: true });
  for (let told = false; !tryLock(path); told = true) {
    const holder = readHolder(path);
    if (holder !== undefined && !isAlive(holder)) rmSync(path, { force: true });
    else if (!told)
      say(
        `Waiting for ${holder === undefined ? 'another process' : `process ${holder}`}, which is at the same step …`,
      );
    await sleep(pollMs);
  }
  const unlock = () => rmSync(path, { force: true });
  process.once('exit', unlock); // also after Ctrl-C
  try {
    return await act();
  } finally {
    process.off('exit', unlock);
    unlock();
  }
}

/** @param {string} path */
function tryLock(path) {
  try {
    writeFileSync(path, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

/**
 * `undefined` while the holder has not yet written its number.
 *
 * @param {string} path
 */
function readHolder(path) {
  try {
    return Number.parseInt(readFileSync(path, 'utf8')) || undefined;
  } catch {
    return undefined;
  }
}

/** @param {number} pid */
function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

const pollMs = 200;
