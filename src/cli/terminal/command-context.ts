import type { AuthSessionsError } from '../../core/errors.js';
import type { Clock } from '../../core/ports.js';
import type { Redactor } from '../../redaction/redactor.js';
import type { AskPlaywright } from '../suite/suite-description.js';
import type { OutputStream } from './output-stream.js';
import type { Progress } from './progress.js';
import type { Style } from './style.js';

/** Dependencies of a command, so that it can be tested without a process. */
export interface CommandContext {
  /** The working directory. */
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;
  readonly clock: Clock;
  /** Aborted by Ctrl-C: ends all work. */
  readonly signal: AbortSignal;
  /** Makes Playwright read its config. [in a child process] */
  readonly askPlaywright?: AskPlaywright | undefined;
  /** Knows every value in the command; all output passes through it. */
  readonly redactor: Redactor;
  /** For work longer than half a second; silent without a terminal. */
  readonly progress: Progress;
  /** The process's stream, reserved for the command: for a protocol, or for questions. */
  readonly stdout: OutputStream;
  /** Colours for standard output, or none. */
  readonly style: Style;
  /** Colours for notes on standard error. */
  readonly noteStyle: Style;
  /** Prints one line for a person to standard error at once; nothing with `--json`. */
  readonly note: (line: string) => void;
}

/** A command's result. */
export interface CommandResult {
  /** For `--json`: the envelope's `data`. Never contains values. */
  readonly data: unknown;
  /** For people, on standard output. */
  readonly text: string;
  /** Errors, next to results. Any error makes the exit code 1. */
  readonly errors?: readonly AuthSessionsError[];
  /** Makes the exit code 1 without an error: something was found, or the answer is negative. */
  readonly foundTrouble?: boolean;
  /** Printed to standard output without redaction, only for `export --reveal`. */
  readonly revealed?: string;
}
