import type { AuthSessionsError } from '../../core/errors.js';
import type { Clock } from '../../core/ports.js';
import type { Redactor } from '../../redaction/redactor.js';
import type { AskPlaywright } from '../project/project-description.js';
import type { Progress } from './progress.js';
import type { OutputStream } from './output-stream.js';
import type { Style } from './style.js';

/** What a command works with. All of it is given, so that its act can be tested without a process. */
export interface CommandContext {
  /** Where the command was called. */
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;
  readonly clock: Clock;
  /** Aborted by Ctrl-C: ends whatever is under way. */
  readonly signal: AbortSignal;
  /** How Playwright is asked for its config. [in a process of its own] */
  readonly askPlaywright?: AskPlaywright | undefined;
  /** Knows every value that the command has met; all that is printed goes through it. */
  readonly redactor: Redactor;
  /** For what takes longer than half a second; silent where nobody watches. */
  readonly progress: Progress;
  /** Of the process, where nobody else's text arrives: for a protocol, or for questions. */
  readonly stdout: OutputStream;
  /** Colours of standard output, or none. */
  readonly style: Style;
  /** Colours of standard error, for notes. */
  readonly noteStyle: Style;
  /** One line for a person, on standard error, at once; nothing with `--json`. */
  readonly note: (line: string) => void;
}

/** What a command has to say when it is done. */
export interface CommandResult {
  /** For `--json`: the envelope's `data`. Never a value. */
  readonly data: unknown;
  /** For people: the same, on standard output. */
  readonly text: string;
  /** What went wrong, besides what went well. Any makes the exit code 1. */
  readonly errors?: readonly AuthSessionsError[];
  /** The exit code is 1 although nothing failed: what was looked for was found, or the answer is no. */
  readonly foundTrouble?: boolean;
  /** Printed to standard output as it is, past the redactor: for `export --reveal` alone. */
  readonly revealed?: string;
}
