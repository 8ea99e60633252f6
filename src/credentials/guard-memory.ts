import { readFileSync, writeFileSync } from 'node:fs';
import inspector from 'node:inspector';

/**
 * Keeps the memory of a process that holds secrets from those who have no right to it. `SIGUSR1` opens no debugger, to
 * which every user of the machine could connect; one that it opened before this call is closed. On Linux a core dump of
 * this process, and of what it starts, has no memory in it. Safe to call again.
 *
 * @param options.debuggable whether a debugger that somebody asked for with Node's options stays open [true]
 */
export function guardMemory({ debuggable = true }: { readonly debuggable?: boolean } = {}): void {
  holdDebugSignal();
  emptyCoreDumps();
  if (debuggable && isDebuggerAskedFor()) return;
  if (inspector.url() !== undefined) inspector.close();
  if (!debuggable) writeNoReports();
}

/** With a listener Node leaves the signal alone. On Windows there is none. */
function holdDebugSignal(): void {
  if (process.platform === 'win32') return;
  process.off('SIGUSR1', held);
  process.on('SIGUSR1', held);
}

/** Editors open it in a module that they have Node load first. */
function isDebuggerAskedFor(): boolean {
  const words = [...process.execArgv, ...(process.env.NODE_OPTIONS ?? '').split(/[ "]+/)];
  return words.some((word) => /^(-r|--(inspect(-brk|-wait)?|require|import))(=|$)/.test(word));
}

/** A report quotes the error that it is about. */
function writeNoReports(): void {
  const { report } = process;
  report.reportOnFatalError = false;
  report.reportOnSignal = false;
  report.reportOnUncaughtException = false;
}

/** The kinds of memory that a dump has: https://man7.org/linux/man-pages/man5/core.5.html */
function emptyCoreDumps(): void {
  if (process.platform !== 'linux') return;
  const filter = '/proc/self/coredump_filter';
  try {
    if (!/^0+\s*$/.test(readFileSync(filter, 'utf8'))) writeFileSync(filter, '0');
  } catch {
    // A sandbox may hide it.
  }
}

const held = (): void => undefined;
