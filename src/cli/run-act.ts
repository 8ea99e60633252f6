import type { AuthSessionsError } from '../core/errors.js';
import { createRedactor } from '../core/redactor.js';
import { systemClock } from '../broker/system-clock.js';
import type { CommandContext, CommandResult } from './command-context.js';
import { createEnvelope } from './envelope.js';
import { errorsOf, formatError } from './format-error.js';
import { createProgress, noProgress } from './progress.js';
import { createStyle } from './style.js';

/** Where a command runs: a process's own, or a test's. */
export interface Surroundings {
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  readonly signal: AbortSignal;
}

/** A terminal, a file or a pipe. */
export interface OutputStream extends NodeJS.WritableStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
}

/** 0: all is well. 1: trouble was found. 2: the command line asks for what there is not. 130: Ctrl-C. */
export type ExitCode = 0 | 1 | 2 | 130;

export interface ActOptions {
  /** Such as `list` or `local init`. */
  readonly command: string;
  readonly json: boolean;
}

export type Act = (context: CommandContext) => Promise<CommandResult>;

/** Runs what a command does, and prints what came of it: for people, or one envelope. */
export async function runAct(
  act: Act,
  { command, json }: ActOptions,
  around: Surroundings,
): Promise<ExitCode> {
  const redactor = createRedactor();
  const redact = (text: string) => redactor.redact(text);
  const print = printerOf(around, redact);
  const watched = !json && isTerminal(around.stderr) && around.env.CI === undefined;
  const progress = watched
    ? createProgress({ stream: around.stderr, redact, nowMs: () => systemClock.nowMs() })
    : noProgress;
  const context: CommandContext = {
    ...around,
    clock: systemClock,
    redactor,
    progress,
    style: createStyle({ env: around.env, isTerminal: isTerminal(around.stdout) && !json }),
    note(line) {
      progress.clear();
      if (!json) print.err(line);
    },
  };
  const result = await act(context).catch((error: unknown): CommandResult => ({
    data: null,
    text: '',
    errors: errorsOf(error),
  }));
  progress.clear();
  const errors = around.signal.aborted ? [] : (result.errors ?? []);
  const code = exitCodeOf(result, around.signal.aborted);
  if (json) {
    // Who has stopped it waits for no answer, and half of one would be taken for the whole.
    if (!around.signal.aborted)
      print.out(JSON.stringify(createEnvelope(command, { ok: code === 0, data: result.data, errors })));
  } else if (result.text !== '') print.out(result.text);
  if (result.revealed !== undefined) around.stdout.write(result.revealed);
  if (!json) for (const error of errors) print.err(formatError(error, print.errStyle));
  return code;
}

/** For people to standard error, or as an envelope: what is wrong with the command line itself. */
export function printUsageError(
  error: AuthSessionsError,
  { command, json }: ActOptions,
  around: Surroundings,
): ExitCode {
  const print = printerOf(around, (text) => text);
  if (json) print.out(JSON.stringify(createEnvelope(command, { ok: false, data: null, errors: [error] })));
  else print.err(formatError(error, print.errStyle));
  return 2;
}

function printerOf({ stdout, stderr, env }: Surroundings, redact: (text: string) => string) {
  return {
    out: (text: string) => void stdout.write(`${redact(text)}\n`),
    err: (text: string) => void stderr.write(`${redact(text)}\n`),
    errStyle: createStyle({ env, isTerminal: isTerminal(stderr) }),
  };
}

export function isTerminal({ isTTY }: OutputStream): boolean {
  return isTTY === true;
}

function exitCodeOf({ errors = [], foundTrouble = false }: CommandResult, stopped: boolean): ExitCode {
  if (stopped) return 130;
  if (errors.some(({ code }) => usageCodes.has(code))) return 2;
  return errors.length > 0 || foundTrouble ? 1 : 0;
}

/** On a command line, a name that is not declared is a slip of the one who typed it. */
const usageCodes: ReadonlySet<string> = new Set(['ERR_USAGE', 'ERR_SESSION_UNKNOWN']);
