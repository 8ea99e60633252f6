import { Command, CommanderError } from 'commander';
import { packageVersion } from '../credentials/package-version.js';
import { registerAudit } from './commands/audit.js';
import { registerCheck } from './commands/check.js';
import { registerCodegen } from './commands/codegen.js';
import { registerCreate } from './commands/create.js';
import type { Registration, RunAct } from './commands/define-command.js';
import { registerDoctor } from './commands/doctor.js';
import { registerExport } from './commands/export.js';
import { registerImport } from './commands/import.js';
import { registerInit } from './commands/init.js';
import { registerList } from './commands/list.js';
import { registerLocalInit } from './commands/local-init.js';
import { registerMcp } from './commands/mcp.js';
import { registerOpen } from './commands/open.js';
import { registerRecordFlow } from './commands/record-flow.js';
import { registerRecord } from './commands/record.js';
import { registerPack } from './commands/pack.js';
import { registerRemove } from './commands/remove.js';
import { registerRenew } from './commands/renew.js';
import { registerScan } from './commands/scan.js';
import { registerUnpack } from './commands/unpack.js';
import { isTerminal } from './terminal/output-stream.js';
import { printUsageError, runAct, type ExitCode, type Surroundings } from './terminal/run-act.js';
import { wantsColours } from './terminal/style.js';
import { terminalWidth } from './terminal/terminal-width.js';
import { usageError } from './terminal/usage-error.js';

/** Commands register in the order of `--help`. */
const registrations: readonly Registration[] = [
  registerInit,
  registerList,
  registerCreate,
  registerCheck,
  registerRenew,
  registerRemove,
  registerRecord,
  registerRecordFlow,
  registerOpen,
  registerCodegen,
  registerExport,
  registerImport,
  registerPack,
  registerUnpack,
  registerMcp,
  registerScan,
  registerAudit,
  registerLocalInit,
  registerDoctor,
];

/**
 * Runs one command line. `argv` does not include Node and the script.
 *
 * @example
 * process.exitCode = await runProgram(process.argv.slice(2), surroundings);
 */
export async function runProgram(argv: readonly string[], around: Surroundings): Promise<ExitCode> {
  let exitCode: ExitCode = 0;
  const program = createProgram(around, async (command, act) => {
    exitCode = await runAct(act, { command: nameOf(command), json: wantsJson(command) }, around);
  });
  try {
    await program.parseAsync(argv, { from: 'user' });
    return exitCode;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return 0;
    // Commander has already printed its help.
    if (error.code === 'commander.help') return 2;
    const options = { command: commandIn(argv, program), json: argv.includes('--json') };
    return printUsageError(explain(error, options.command, program), options, around);
  }
}

/** The program with its commands and their options; docs/command-line.md lists them. */
export function createProgram(
  { stdout, stderr, env }: Pick<Surroundings, 'stdout' | 'stderr' | 'env'>,
  run: RunAct,
): Command {
  const program = new Command('playwright-auth-sessions')
    .description('Signed-in sessions for Playwright Test: set up, inspect, record and renew them.')
    .version(packageVersion(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print help')
    .helpCommand('help [command]', 'print help for a command')
    .showSuggestionAfterError()
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void stdout.write(text),
      writeErr: (text) => void stderr.write(text),
      outputError: () => undefined, // printed in three parts later
      getOutHasColors: () => wantsColours({ env, isTerminal: isTerminal(stdout) }),
      getErrHasColors: () => wantsColours({ env, isTerminal: isTerminal(stderr) }),
      getOutHelpWidth: () => terminalWidth(stdout, 100),
      getErrHelpWidth: () => terminalWidth(stderr, 100),
    })
    .addHelpText(
      'after',
      '\nExit codes: 0 success, 1 problems found, 2 invalid usage, 130 stopped with Ctrl-C.',
    );
  for (const register of registrations) register(program, run);
  return program;
}

function explain({ message }: CommanderError, command: string, program: Command) {
  const [failed = '', hint] = message
    .replace(/^error: /, '')
    .split('\n')
    .map((line) => line.replace(/\.+$/, ''));
  const suggestion = hint === undefined ? '' : `${hint.replace(/^\(|\)$/g, '')} `;
  const known = program.commands.some((one) => one.name() === command.split(' ', 1)[0]);
  const help = known ? `playwright-auth-sessions ${command} --help` : 'playwright-auth-sessions --help';
  return usageError(
    `${failed.charAt(0).toUpperCase()}${failed.slice(1)}.`,
    `${suggestion}For help: npx ${help}`,
  );
}

/** The intended command, as far as recognizable: `local init` for `local init --jsno`. */
function commandIn(argv: readonly string[], program: Command): string {
  const [first = '', second] = argv.filter((word) => !word.startsWith('-'));
  const group = program.commands.find((one) => one.name() === first);
  return group?.commands.some((one) => one.name() === second) ? `${first} ${second}` : first;
}

function nameOf(command: Command): string {
  const { parent } = command;
  return parent?.parent ? `${nameOf(parent)} ${command.name()}` : command.name();
}

function wantsJson(command: Command): boolean {
  return command.opts<{ json?: boolean }>().json ?? false;
}
