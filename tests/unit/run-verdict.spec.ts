import { expect, test } from '@playwright/test';
import { createRunVerdict, type RunProcess } from '../../src/run/run-verdict.js';

type Listener = (...args: never[]) => void;

/** A process that ends on request. */
function createProcess() {
  const listeners = new Map<string, Set<Listener>>();
  const of = (event: string) => listeners.get(event) ?? listeners.set(event, new Set()).get(event)!;
  const printed: string[] = [];
  let chances = 0;
  const process: RunProcess = {
    on: (event: string, listener: Listener) => of(event).add(listener),
    off: (event: string, listener: Listener) => of(event).delete(listener),
    listenerCount: (event: string) => of(event).size,
    exit: (code) => {
      process.exitCode = code;
      emit('exit');
    },
  };
  const verdict = createRunVerdict({
    process,
    print: (line) => printed.push(line),
    lastChance: () => Promise.resolve((chances += 1)),
  });
  const emit = (event: string, ...args: unknown[]) => {
    for (const listener of of(event)) listener(...(args as never[]));
  };
  return {
    verdict,
    printed,
    /** As Playwright does while tests run. */
    listen: (event: string) => of(event).add(() => undefined),
    listenerCount: (event: 'SIGINT') => process.listenerCount(event),
    chances: () => chances,
    /** As `process.exit(code)` does. */
    exit(code: number) {
      process.exit(code);
      return process.exitCode;
    },
    /** Gives the exit code; `undefined` where nobody listens, and the system ends the process. */
    signal(name: 'SIGINT' | 'SIGTERM') {
      emit(name, name);
      return process.exitCode;
    },
    /** As Node does when nothing is left to do. */
    runDry() {
      emit('beforeExit');
      emit('beforeExit'); // after what the first one began
      emit('exit');
      return process.exitCode ?? 0;
    },
  };
}

test('a clean run that passed ends with 0, and prints nothing', () => {
  const run = createProcess();
  run.verdict.expect();
  run.verdict.hear('passed');
  run.verdict.give('clean');
  expect([run.exit(0), run.printed]).toEqual([0, []]);
});

test('an exit before the verdict is a failure, and is reported', () => {
  const run = createProcess();
  run.verdict.expect();
  expect(run.exit(0)).toBe(1);
  expect(run.printed).toEqual([expect.stringContaining('before the leak check had a result')]);
});

test('an exit code that is already set stays', () => {
  const run = createProcess();
  run.verdict.expect();
  expect(run.exit(130)).toBe(130);
});

test('a leak fails a run that passed', () => {
  const run = createProcess();
  run.verdict.expect();
  run.verdict.hear('passed');
  run.verdict.give('failed');
  expect(run.exit(0)).toBe(1);
});

test('a run whose tests failed never ends with 0, even if another process ends it', () => {
  const run = createProcess();
  run.verdict.expect();
  run.verdict.hear('failed');
  run.verdict.give('clean');
  expect(run.exit(0)).toBe(1);
});

test('a process that runs dry checks what it can, once, and fails', () => {
  const run = createProcess();
  run.verdict.expect();
  run.verdict.hear('passed');
  run.verdict.give('clean');
  expect(run.runDry()).toBe(1);
  expect(run.chances()).toBe(1);
  expect(run.printed).toEqual([expect.stringContaining('Playwright did not end it')]);
});

test('a failure stays one, and the next run begins without it', () => {
  const run = createProcess();
  run.verdict.expect();
  run.verdict.give('failed');
  run.verdict.give('clean');
  expect(run.exit(0)).toBe(1);
  run.verdict.expect();
  run.verdict.give('clean');
  expect(run.exit(0)).toBe(0);
});

test('a signal after the tests ends the process at once, and the run has failed', () => {
  const run = createProcess();
  run.verdict.expect();
  run.verdict.leaveOnSignals();
  expect(run.signal('SIGINT')).toBe(130);
  expect(run.printed).toEqual([expect.stringContaining('before the leak check had a result')]);
});

test('a signal during the tests is for Playwright while it listens, and ends the process otherwise', () => {
  const run = createProcess();
  run.listen('SIGINT');
  run.verdict.expect();
  expect(run.signal('SIGINT')).toBeUndefined();
  expect(run.signal('SIGTERM')).toBe(143);
});

test('listens without a gap from the start to the verdict, as Node loses a signal in one', () => {
  const run = createProcess();
  const counts: number[] = [];
  run.verdict.expect();
  for (let round = 0; round < 2; round += 1) {
    run.verdict.leaveOnSignals();
    counts.push(run.listenerCount('SIGINT'));
  }
  run.verdict.give('clean');
  expect(counts).toEqual([1, 1]);
  expect(run.listenerCount('SIGINT')).toBe(0);
});

test('signals after the verdict are left to others', () => {
  const run = createProcess();
  run.verdict.expect();
  run.verdict.give('clean');
  run.verdict.leaveOnSignals();
  expect(run.signal('SIGTERM')).toBeUndefined();
});

test('a process without a run ends as it likes', () => {
  const run = createProcess();
  expect([run.exit(0), run.runDry(), run.printed]).toEqual([0, 0, []]);
});
