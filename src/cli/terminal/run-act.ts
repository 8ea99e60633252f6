import { distinctErrors, type AuthSessionsError } from '../../core/errors.js';
import { printableJson } from '../../core/printable.js';
import { confinedVariables } from '../../credentials/confined-secrets.js';
import { takeConnectionSecrets } from '../../credentials/connection-secrets.js';
import { registerConfinedSecrets } from '../../credentials/register-confined-secrets.js';
import { createRedactor, type Redactor } from '../../redaction/redactor.js';
import { systemClock } from '../../time/system-clock.js';
import type { AskPlaywright } from '../suite/suite-description.js';
import { claimOutput } from './claim-output.js';
import type { CommandContext, CommandResult } from './command-context.js';
import { createEnvelope, type Envelope } from './envelope.js';
import { errorsOf, formatError } from './format-error.js';
import { isTerminal, type OutputStream } from './output-stream.js';
import { createProgress, noProgress } from './progress.js';
import { createStyle } from './style.js';
import { surviveLeftovers } from './survive-leftovers.js';

/** The surroundings of a command: a process's, or a test's. */
export interface Surroundings {
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  readonly signal: AbortSignal;
  readonly askPlaywright?: AskPlaywright;
}

/** 0: success. 1: problems were found. 2: invalid usage. 130: Ctrl-C. */
export type ExitCode = 0 | 1 | 2 | 130;

export interface ActOptions {
  /** For example `list` or `local init`. */
  readonly command: string;
  readonly json: boolean;
}

export type Act = (context: CommandContext) => Promise<CommandResult>;

/**
 * Runs a command, and prints its result for people or as JSON. Meanwhile only the command writes to both streams:
 * output of config, sessions file and flows goes to standard error, redacted, or nowhere with `--json`.
 */
export async function runAct(
  act: Act,
  { command, json }: ActOptions,
  around: Surroundings,
): Promise<ExitCode> {
  const redactor = createRedactor();
  addSecretsOf(around.env, redactor);
  const redact = (text: string) => redactor.redact(text);
  const claimed = claimOutput({ ...around, hear: (line) => note(line) });
  const own = { ...around, stdout: claimed.stdout, stderr: claimed.stderr };
  const print = printerOf(own, redact);
  const progress = isWatched(around, json)
    ? createProgress({ stream: own.stderr, redact, nowMs: () => systemClock.nowMs() })
    : noProgress;
  const note = (line: string) => {
    progress.clear();
    if (!json) print.err(line);
  };
  const context: CommandContext = {
    ...own,
    clock: systemClock,
    redactor,
    progress,
    style: createStyle({ env: around.env, isTerminal: isTerminal(around.stdout) && !json }),
    noteStyle: print.errStyle,
    note,
  };
  const perish = surviveLeftovers(note);
  try {
    const result = await act(context).catch((error: unknown): CommandResult => ({
      data: null,
      text: '',
      errors: errorsOf(error),
    }));
    progress.clear();
    return report(result, { command, json, print }, own);
  } finally {
    // A process for one command keeps the streams until it ends: code left by flows may still print.
    if (around.stdout !== process.stdout) {
      perish();
      claimed.release();
    }
  }
}

/** Runs before the config is read: its errors may contain them. */
function addSecretsOf(env: NodeJS.ProcessEnv, redactor: Pick<Redactor, 'add'>): void {
  const read = (name: keyof typeof confinedVariables) => env[confinedVariables[name]]?.trim();
  const token = read('token');
  registerConfinedSecrets(
    {
      vaultCredential: token ? { value: token, source: confinedVariables.token } : undefined,
      workload: { requestToken: read('requestToken'), integrationKey: read('integrationKey') },
      storeKey: read('storeKey'),
      storeUrl: read('storeUrl'),
      ofConnections: takeConnectionSecrets({ ...env }),
    },
    redactor,
  );
}

function report(
  result: CommandResult,
  { command, json, print }: ActOptions & { readonly print: ReturnType<typeof printerOf> },
  { stdout, signal }: Surroundings,
): ExitCode {
  const errors = signal.aborted ? [] : distinctErrors(result.errors ?? []);
  const code = exitCodeOf(result, signal.aborted);
  if (json) {
    // After Ctrl-C nobody waits for a result, and a partial one could be taken for a full one.
    if (!signal.aborted) print.json(createEnvelope(command, { ok: code === 0, data: result.data, errors }));
  } else if (result.text !== '') print.out(result.text);
  if (result.revealed !== undefined) stdout.write(result.revealed);
  if (!json) for (const error of errors) print.err(formatError(error, print.errStyle));
  return code;
}

function isWatched({ stderr, env }: Surroundings, json: boolean): boolean {
  return !json && isTerminal(stderr) && env.CI === undefined;
}

/** Prints an error in the arguments, for people to standard error, or as JSON. */
export function printUsageError(
  error: AuthSessionsError,
  { command, json }: ActOptions,
  around: Surroundings,
): ExitCode {
  const print = printerOf(around, (text) => text);
  if (json) print.json(createEnvelope(command, { ok: false, data: null, errors: [error] }));
  else print.err(formatError(error, print.errStyle));
  return 2;
}

function printerOf({ stdout, stderr, env }: Surroundings, redact: (text: string) => string) {
  return {
    out: (text: string) => void stdout.write(`${redact(text)}\n`),
    err: (text: string) => void stderr.write(`${redact(text)}\n`),
    json: (value: Envelope) => void stdout.write(`${printableJson(redact(JSON.stringify(value)))}\n`),
    errStyle: createStyle({ env, isTerminal: isTerminal(stderr) }),
  };
}

function exitCodeOf({ errors = [], foundTrouble = false }: CommandResult, stopped: boolean): ExitCode {
  if (stopped) return 130;
  if (errors.some(({ code }) => usageCodes.has(code))) return 2;
  return errors.length > 0 || foundTrouble ? 1 : 0;
}

/** On the command line, an undeclared name is a typing mistake. */
const usageCodes: ReadonlySet<string> = new Set(['ERR_USAGE', 'ERR_SESSION_UNKNOWN']);
