import { writeSync } from 'node:fs';
import { constants } from 'node:os';

/**
 * Keeps the runner's exit code honest: from `expectVerdict` on, the process ends with 0 only if the leak check has
 * said that the run is clean and Playwright's own result is `passed`. Whatever ends the process earlier, or in the
 * place of Playwright, fails the run, and standard error says what was missing.
 */
export interface RunVerdict {
  /** The run has begun. */
  expect(): void;
  /** The tests are over: until the verdict, a signal ends the process at once. */
  leaveOnSignals(): void;
  /** The leak check's result; `failed` also where the run could not start, which is reported by itself. */
  give(verdict: 'clean' | 'failed'): void;
  /** How Playwright says that the run went, before it ends the process. */
  hear(status: string): void;
}

/** What it needs of a process. */
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
  /** Prints a line at once: the process is about to end. */
  readonly print: (line: string) => void;
  /** Called once when nothing is left to do and nobody has ended the process: what can still be checked. */
  readonly lastChance: () => Promise<unknown>;
}

export function createRunVerdict({ process, print, lastChance }: RunVerdictOptions): RunVerdict {
  let verdict: 'none' | 'expected' | 'clean' | 'failed' = 'none';
  let status: string | undefined;
  let isListening = false;
  let isStranded = false;
  let isLeaving = false;

  /** Playwright ends its process itself. Where nothing does, a promise was never settled: by a reporter, as a rule. */
  const strand = () => {
    if (verdict === 'none' || isStranded) return;
    isStranded = true;
    print(
      'auth-sessions: the run counts as failed, as Playwright did not end it: a reporter, or a global teardown, never finished.',
    );
    void lastChance();
  };
  const judge = () => {
    if (verdict === 'none') return;
    if (verdict === 'expected')
      print('auth-sessions: the run counts as failed, as it ended before its leak check had a result.');
    const isGood = verdict === 'clean' && !isStranded && (status === undefined || status === 'passed');
    if (!isGood && Number(process.exitCode ?? 0) === 0) process.exitCode = 1;
  };
  /** While Playwright listens too, the signal is Playwright's: it ends the tests, and runs the teardown. */
  const heed = (signal: NodeJS.Signals) => {
    if (isLeaving || process.listenerCount(signal as Interruption) === 1)
      process.exit(128 + constants.signals[signal]);
  };
  // Listening from the start to the verdict without a gap: Node loses a signal that waits while its last listener goes.
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

/** Past streams, which a process that ends does not wait for everywhere. */
export function printAtOnce(line: string): void {
  try {
    writeSync(process.stderr.fd, `${line}\n`);
  } catch {
    process.stderr.write(`${line}\n`);
  }
}

const interruptions = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
