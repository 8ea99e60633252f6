import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/**
 * Names the place where a process id means one process only. A host's name is not enough: two containers may
 * share it, and after a reboot the same numbers mean other processes. Linux tells these apart.
 */
export function thisHost(): string {
  if (process.platform !== 'linux') return hostname();
  return [
    hostname(),
    quietly(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()),
    quietly(() => readlinkSync('/proc/self/ns/pid')),
  ].join(' ');
}

/** `false` only when the system says that no such process exists. */
export function isProcessAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return !(error instanceof Error && 'code' in error && error.code === 'ESRCH');
  }
}

function quietly(read: () => string): string {
  try {
    return read();
  } catch {
    return '?';
  }
}
