import { randomUUID } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import * as v from 'valibot';

/** One process, among all that share a folder: whoever reads it knows whether it can tell if the process lives. */
export interface ProcessIdentity {
  /** Where the number means one process only. */
  readonly host: string;
  readonly pid: number;
  /** When it was started, as the system counts it; a number is given again. Not known everywhere. */
  readonly start?: string | undefined;
}

/** For a schema of what a file says. */
export const identityEntries = {
  host: v.string(),
  pid: v.pipe(v.number(), v.integer(), v.minValue(1)),
  start: v.optional(v.string()),
};

export function thisProcess(): ProcessIdentity {
  return { host: thisHost(), pid: process.pid, start: statOf(process.pid)?.start };
}

/**
 * Names the place where a process id means one process only. A host's name is not enough: two containers may
 * share it, and after a reboot the same numbers mean other processes. Linux tells these apart; where it does not, no
 * two processes share a place.
 */
export function thisHost(): string {
  host ??= process.platform === 'linux' ? nameLinuxHost() : hostname();
  return host;
}

/** `false` only when the system says that no such process exists, or that its number is another's by now. */
export function isProcessAlive(pid: number, start?: string): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ESRCH') return false;
  }
  const now = statOf(pid);
  if (!now) return true;
  // A zombie has ended, and nobody has asked how.
  return !'ZX'.includes(now.state) && (start === undefined || now.start === start);
}

/** `false` also where nothing can be said: in another container, on another machine, before a reboot. */
export function isKnownToBeDead({ host: itsHost, pid, start }: ProcessIdentity): boolean {
  return itsHost === thisHost() && !isProcessAlive(pid, start);
}

function nameLinuxHost(): string {
  return [
    hostname(),
    read(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()) ?? randomUUID(),
    read(() => readlinkSync('/proc/self/ns/pid')) ?? randomUUID(),
  ].join(' ');
}

/** On Linux, of proc_pid_stat(5): the fields follow the command in brackets, which may hold anything. */
function statOf(pid: number): { state: string; start: string } | undefined {
  // In a namespace whose /proc is another's, its numbers are others.
  isOwnProc ??= read(() => readlinkSync('/proc/self')) === String(process.pid);
  if (!isOwnProc) return undefined;
  const text = read(() => readFileSync(`/proc/${pid}/stat`, 'utf8'));
  const fields = text?.slice(text.lastIndexOf(')') + 2).split(' ');
  const [state, start] = [fields?.[0], fields?.[19]];
  return state === undefined || start === undefined ? undefined : { state, start };
}

function read(text: () => string): string | undefined {
  try {
    return text();
  } catch {
    return undefined;
  }
}

let host: string | undefined;
let isOwnProc: boolean | undefined;
