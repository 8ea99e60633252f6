import { Option } from 'commander';
import type { LoadedAuthSessions } from '../../declaration/load-auth-sessions.js';
import { askQuestions, askToMove, askToWrite } from '../init/ask-questions.js';
import { ciSecrets, plannedSecrets } from '../init/ci-secrets.js';
import { describeInit } from '../init/describe-init.js';
import { findMove, movedAnswers } from '../init/find-move.js';
import { findSessions } from '../init/find-sessions.js';
import { formatDiff } from '../init/format-diff.js';
import {
  answersOf,
  checkConnections,
  connectionsOption,
  systemsOf,
  wholeNumber,
  type InitOptions,
} from '../init/init-options.js';
import { leftSetups } from '../init/left-setups.js';
import { loadDeclared } from '../init/load-declared.js';
import { planChanges } from '../init/plan-changes.js';
import { printVault } from '../init/print-vault.js';
import { registerLiterals } from '../init/register-literals.js';
import { surveySuite } from '../init/survey-suite.js';
import { namesOf } from '../init/typed-names.js';
import { writeChanges } from '../init/write-changes.js';
import { findConfigFile } from '../suite/find-suite.js';
import type { CommandContext, CommandResult } from '../terminal/command-context.js';
import { isThere, maybe } from '../terminal/maybe.js';
import { usageError } from '../terminal/usage-error.js';
import { defineCommand } from './define-command.js';

export const registerInit = defineCommand<[], InitOptions>({
  name: 'init',
  description: 'set up a Playwright project: sessions, a flow, the config, CI; shows a diff, then asks',
  options: [
    ['-y, --yes', 'ask nothing and write the files'],
    ['--dry-run', 'ask nothing and write nothing'],
    new Option('--session <names>', 'session names, separated by commas  [admin]').argParser(namesOf),
    ['--in-vault <name>', 'vault of the secret references  [automation]'],
    ['--local', 'the credentials are in a local file only, without 1Password'],
    ['--desktop-account <name>', 'account of the 1Password app, for runs at your machine'],
    new Option(
      '--connection <name=sessions>',
      'sessions of another vault connection, such as staging=admin2; may be repeated',
    ).argParser(connectionsOption),
    ['--base-url <url>', 'address of the application, for a config without a base URL'],
    ['--sign-in-path <path>', 'path of the sign-in page  [/sign-in]'],
    ['--code', 'the sign-in asks for a one-time code'],
    new Option(
      '--ci <how>',
      'workflow to write, by how it signs in to 1Password; none: no workflow  [token]',
    ).choices(['token', 'workload', 'none']),
    new Option('--shards <number>', 'number of shards in the workflow  [2]').argParser(wholeNumber),
    new Option('--os <systems>', 'where the workflow tests, of linux, macos and windows  [linux]').argParser(
      systemsOf,
    ),
    ['--agents', 'give AI agents a signed-in browser, in .mcp.json'],
    ['--move', 'move what is left of a setup project, in a project with sessions'],
    ['--no-move', 'leave a setup project as it is, as --session does'],
    ['--vault [name]', 'print the op commands that create this vault, and write nothing'],
  ],
  shared: ['config', 'json'],
  examples: ['init', 'init --yes --session admin,customer --code', 'init --vault automation'],
  act: (_given, options, context) => initSuite(options, context),
});

/** Adds lines and files, and changes none. Safe to run again. */
export async function initSuite(options: InitOptions, context: CommandContext): Promise<CommandResult> {
  const suite = await surveySuite(findConfigFile(options, context.folder));
  const given = answersOf(options, suite);
  if (options.vault !== undefined)
    return printVault(
      options.vault === true ? given.vault : options.vault,
      { suite, given, options },
      context,
    );
  const asks = !options.yes && !options.dryRun;
  if (asks && (options.json || !isAnswered()))
    throw usageError('Questions need a terminal.', 'Add --yes, or --dry-run to see the changes first.');
  const isNew = findSessions(suite).state === 'missing';
  const found = await findMove(suite, { options, asks }, context.redactor);
  const isMoved = found?.hasChanges === true && (!asks || (await askToMove(context.stdout, found)));
  if (isMoved === undefined) return notWritten;
  const move = isMoved || found?.hasChanges === false ? found.plan : undefined;
  const known = isMoved ? movedAnswers(given, found, options) : given;
  const answers =
    asks && isNew
      ? await askQuestions(known, { output: context.stdout, asksAddress: !suite.setsBaseURL })
      : known;
  if (!answers) return notWritten;
  checkConnections(answers);
  const declared =
    isNew || (answers.ci === 'none' && !answers.agents)
      ? undefined
      : await maybe(() => loadDeclared(suite, context));
  const secrets = isThere(declared) ? ciSecrets(answers.ci, declared.is) : plannedSecrets(answers);
  const names = isThere(declared) ? agentSessions(options, declared.is) : undefined;
  const planned = await planChanges(suite, answers, { move, secrets, declared: names });
  const isGuess = planned.workflowFile !== undefined && declared !== undefined && !isThere(declared);
  const notes = [
    ...planned.notes,
    ...(isGuess ? [secretsNotKnown(secrets)] : []),
    ...(isNew || move || options.move === false ? [] : await leftSetups(suite, options)),
  ];
  const plan = { ...planned, notes };
  await registerLiterals(plan.changes, suite, context.redactor);
  const diff = formatDiff(plan.changes, context.folder, asks ? context.noteStyle : context.style);
  if (asks && plan.changes.length > 0) {
    context.note(`\n${diff}\n`);
    if (!(await askToWrite(context.stdout))) return notWritten;
  }
  if (!options.dryRun) await writeChanges(plan.changes);
  const dryRun = options.dryRun ?? false;
  return describeInit({ suite, plan, answers, diff: asks ? '' : diff, dryRun }, context);
}

const notWritten: CommandResult = { data: null, text: 'Nothing was written.', foundTrouble: true };

/** The sessions that agents may get: one that `--session` names and that is declared comes first. */
function agentSessions(
  { session = [] }: InitOptions,
  declared: Pick<LoadedAuthSessions, 'sessions'> | undefined,
): readonly string[] {
  const all = [...(declared?.sessions.keys() ?? [])];
  return [...session.filter((name) => all.includes(name)), ...all];
}

function secretsNotKnown(secrets: readonly string[]): string {
  return `The sessions file cannot be loaded ("npx playwright-auth-sessions doctor" says why), so the workflow passes only ${secrets.join(' and ')}. Add the variables of other vaults.`;
}

/** Questions need a terminal for both input and output. */
function isAnswered(): boolean {
  return process.stdin.isTTY && process.stdout.isTTY;
}
