import { randomUUID } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import * as v from 'valibot';

/** Identifies one process among all that share a folder. A reader can decide whether it is able to see that process. */
export interface ProcessIdentity {
  /** Where the process number is unique. */
  readonly host: string;
  readonly pid: number;
  /** When it started, in the system's units: numbers are reused. Not available everywhere. */
  readonly start?: string | undefined;
}

/** Schema entries for a process in a file. */
export const identityEntries = {
  host: v.string(),
  pid: v.pipe(v.number(), v.integer(), v.minValue(1)),
  start: v.optional(v.string()),
};

export function thisProcess(): ProcessIdentity {
  return identifyProcess(process.pid);
}

/** A process that this one can see. */
export function identifyProcess(pid: number): ProcessIdentity {
  return { host: thisHost(), pid, start: statOf(pid)?.start };
}

/**
 * Names the place in which a process number is unique. A host name is not enough: containers may share it, and after a
 * reboot numbers belong to other processes. Where Linux cannot distinguish these, each process has its own place.
 */
export function thisHost(): string {
  host ??= nameHost();
  return host;
}

/** The name of `thisHost`, computed again. */
export function nameHost(platform: NodeJS.Platform = process.platform): string {
  return platform === 'linux' ? nameLinuxHost() : hostname();
}

/** `false` only if the system reports that no such process exists, or that its number is reused. */
export function isProcessAlive(pid: number, start?: string): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ESRCH') return false;
  }
  const now = statOf(pid);
  if (!now) return true;
  // A zombie has ended, and waits for its parent to notice.
  return !'ZX'.includes(now.state) && (start === undefined || now.start === start);
}

/** `false` also if it is unknown: in another container, on another machine, before a reboot. */
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

/** Reads proc_pid_stat(5) on Linux: the fields follow the command in brackets, which may contain anything. */
function statOf(pid: number): { state: string; start: string } | undefined {
  // In a namespace with another's /proc, process numbers do not match.
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
