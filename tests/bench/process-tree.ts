import { readdirSync, readFileSync } from 'node:fs';

/**
 * Processor time, in milliseconds, of this process's children that have ended, and theirs: fields 16 and 17 of
 * proc_pid_stat(5), in ticks of 10 ms. `NaN` where the system does not say.
 */
export function childrenCpuMs(): number {
  const fields = statOf('self');
  return fields ? (Number(fields[13]) + Number(fields[14])) * 10 : NaN;
}

/** The processes below this one, children before their own children. Empty where the system does not say. */
export function descendantsOf(pid: number): number[] {
  const parents = new Map<number, number>();
  for (const name of processes()) {
    const fields = statOf(name);
    if (fields) parents.set(Number(name), Number(fields[1]));
  }
  const found = [pid];
  for (const one of found) for (const [child, parent] of parents) if (parent === one) found.push(child);
  return found.slice(1);
}

/** The most memory that a process had at any time so far, in MB: `VmHWM` of proc_pid_status(5). */
export function peakMemoryMB(pid: number): number {
  return memoryMB(pid, 'VmHWM');
}

/** Its memory now, in MB. */
export function residentMemoryMB(pid: number): number {
  return memoryMB(pid, 'VmRSS');
}

/**
 * Watches the processes below one of them, until the returned function is called: it returns the peak in MB of those
 * whose command line matches, added up by kind.
 */
export function watchMemory(
  kinds: Readonly<Record<string, RegExp>>,
  { everyMs = 250 }: { readonly everyMs?: number } = {},
): () => Readonly<Record<string, number>> {
  const peaks = new Map<number, { readonly kind: string; mb: number }>();
  const look = () => {
    for (const pid of descendantsOf(process.pid)) {
      const kind = peaks.get(pid)?.kind ?? kindOf(pid, kinds);
      if (kind !== undefined) peaks.set(pid, { kind, mb: peakMemoryMB(pid) || (peaks.get(pid)?.mb ?? 0) });
    }
  };
  const timer = setInterval(look, everyMs);
  return () => {
    clearInterval(timer);
    return Object.fromEntries(
      Object.keys(kinds).map((kind) => {
        const own = [...peaks.values()].filter((one) => one.kind === kind);
        return [kind, Math.max(0, ...own.map(({ mb }) => mb))];
      }),
    );
  };
}

function kindOf(pid: number, kinds: Readonly<Record<string, RegExp>>): string | undefined {
  const commandLine = read(`/proc/${pid}/cmdline`)?.replaceAll('\0', ' ');
  if (commandLine === undefined) return undefined;
  return Object.entries(kinds).find(([, pattern]) => pattern.test(commandLine))?.[0];
}

function memoryMB(pid: number, field: string): number {
  const status = read(`/proc/${pid}/status`) ?? '';
  return Number(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(status)?.[1] ?? NaN) / 1000;
}

function statOf(pid: string): string[] | undefined {
  return read(`/proc/${pid}/stat`)
    ?.replace(/^.*\) /s, '')
    .split(' ');
}

function processes(): string[] {
  try {
    return readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  } catch {
    return [];
  }
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined; // the process has ended, or this system has no such files
  }
}
