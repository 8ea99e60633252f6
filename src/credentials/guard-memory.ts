import { readFileSync, writeFileSync } from 'node:fs';
import inspector from 'node:inspector';

/**
 * Protects the memory of a process that holds secrets. `SIGUSR1` opens no debugger, which every user of the machine
 * could connect to, and a debugger that it opened earlier is closed. On Linux, core dumps of this process and its
 * children contain no memory. Safe to call again.
 *
 * @param options.debuggable whether a debugger requested with Node's options stays open [true]
 */
export function guardMemory({ debuggable = true, platform = process.platform }: GuardOptions = {}): void {
  holdDebugSignal(platform);
  emptyCoreDumps(platform);
  if (debuggable && isDebuggerAskedFor()) return;
  if (inspector.url() !== undefined) inspector.close();
  if (!debuggable) writeNoReports();
}

interface GuardOptions {
  readonly debuggable?: boolean;
  readonly platform?: NodeJS.Platform;
}

/** Node does not handle a signal that has a listener. Windows does not have this signal. */
function holdDebugSignal(platform: NodeJS.Platform): void {
  if (platform === 'win32') return;
  process.off('SIGUSR1', held);
  process.on('SIGUSR1', held);
}

/** Editors open it in a module that Node preloads for them. */
function isDebuggerAskedFor(): boolean {
  const words = [...process.execArgv, ...(process.env.NODE_OPTIONS ?? '').split(/[ "]+/)];
  return words.some((word) => /^(-r|--(inspect(-brk|-wait)?|require|import))(=|$)/.test(word));
}

/** A diagnostic report quotes its error. */
function writeNoReports(): void {
  const { report } = process;
  report.reportOnFatalError = false;
  report.reportOnSignal = false;
  report.reportOnUncaughtException = false;
}

/** The kinds of memory in a core dump: https://man7.org/linux/man-pages/man5/core.5.html */
function emptyCoreDumps(platform: NodeJS.Platform): void {
  if (platform !== 'linux') return;
  const filter = '/proc/self/coredump_filter';
  try {
    if (!/^0+\s*$/.test(readFileSync(filter, 'utf8'))) writeFileSync(filter, '0');
  } catch {
    // A sandbox may hide this file.
  }
}

const held = (): void => undefined;
