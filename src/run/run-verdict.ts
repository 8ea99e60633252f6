import { writeSync } from 'node:fs';
import { constants } from 'node:os';

/**
 * Guards the runner's exit code: from `expect` on, the process ends with 0 only if the leak check found the run clean
 * and Playwright's own result is `passed`. If anything else ends the process, the run fails, and standard error says
 * what was missing.
 */
export interface RunVerdict {
  /** The run has begun. */
  expect(): void;
  /** The tests are over: until the verdict, a signal ends the process at once. */
  leaveOnSignals(): void;
  /** The leak check's result; also `failed` if the run could not start, which is reported separately. */
  give(verdict: 'clean' | 'failed'): void;
  /** Receives Playwright's result before Playwright ends the process. */
  hear(status: string): void;
}

/** The parts of a process that it needs. */
export interface RunProcess {
  exitCode?: NodeJS.Process['exitCode'];
  on(event: 'exit' | 'beforeExit', listener: () => void): unknown;
  on(event: Interruption, listener: (signal: NodeJS.Signals) => void): unknown;
  off(event: Interruption, listener: (signal: NodeJS.Signals) => void): unknown;
  listenerCount(event: Interruption): number;
  exit(code: number): unknown;
}

type Interruption = (typeof interruptions)[number];

export interface RunVerdictOptions {
  readonly process: RunProcess;
  /** Prints a line synchronously, because the process is about to end. */
  readonly print: (line: string) => void;
  /** Called once if nothing is left to do and the process was not ended: checks what is still possible. */
  readonly lastChance: () => Promise<unknown>;
}

export function createRunVerdict({ process, print, lastChance }: RunVerdictOptions): RunVerdict {
  let verdict: 'none' | 'expected' | 'clean' | 'failed' = 'none';
  let status: string | undefined;
  let isListening = false;
  let isStranded = false;
  let isLeaving = false;

  /** Playwright ends its process itself. Otherwise a promise was never settled, usually by a reporter. */
  const strand = () => {
    if (verdict === 'none' || isStranded) return;
    isStranded = true;
    print(
      'auth-sessions: the run fails because Playwright did not end it: a reporter or a global teardown never finished.',
    );
    void lastChance();
  };
  const judge = () => {
    if (verdict === 'none') return;
    if (verdict === 'expected')
      print('auth-sessions: the run fails because it ended before the leak check had a result.');
    const isGood = verdict === 'clean' && !isStranded && (status === undefined || status === 'passed');
    if (!isGood && Number(process.exitCode ?? 0) === 0) process.exitCode = 1;
  };
  /** While Playwright listens too, it handles the signal: it stops the tests and runs the teardown. */
  const heed = (signal: NodeJS.Signals) => {
    if (isLeaving || process.listenerCount(signal as Interruption) === 1)
      process.exit(128 + constants.signals[signal]);
  };
  // Listens without a gap from start to verdict: Node loses a pending signal when its last listener is removed.
  const heedSignals = (change: 'on' | 'off') => {
    for (const signal of interruptions) process[change](signal, heed);
  };
  return {
    expect() {
      if (verdict !== 'expected') heedSignals('on');
      verdict = 'expected';
      status = undefined;
      isLeaving = false;
      if (isListening) return;
      isListening = true;
      process.on('exit', judge);
      process.on('beforeExit', strand);
    },
    leaveOnSignals() {
      isLeaving = verdict === 'expected';
    },
    give(given) {
      heedSignals('off');
      if (verdict !== 'failed') verdict = given;
    },
    hear(said) {
      status = said;
    },
  };
}

/** Bypasses streams, which are not always flushed when a process ends. */
export function printAtOnce(line: string): void {
  try {
    writeSync(process.stderr.fd, `${line}\n`);
  } catch {
    process.stderr.write(`${line}\n`);
  }
}

const interruptions = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
