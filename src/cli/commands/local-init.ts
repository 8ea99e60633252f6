import path from 'node:path';
import type { Command } from 'commander';
import { sessionDefaults } from '../../core/auth-session.js';
import { loadAuthSessions } from '../../declaration/load-auth-sessions.js';
import { addIgnoreLine } from '../files/add-ignore-line.js';
import { addLocalKeys } from '../files/add-local-keys.js';
import type { CommandContext, CommandResult } from '../terminal/command-context.js';
import { withExamples, withJson, type ProjectOptions } from './command-options.js';
import { findProject } from '../project/find-project.js';
import { missingLocalKeys } from '../../vault/local/local-keys.js';
import type { RunAct } from './registration.js';

export function registerLocalInit(program: Command, run: RunAct): void {
  const local = program.command('local').description('the local test credentials');
  const command = local
    .command('init')
    .description('write the keys that the local credentials file lacks, for you to fill in')
    .option('-c, --config <file>', 'the Playwright config, or its folder  [found from here upward]');
  withExamples(withJson(command), 'local init').action((options: ProjectOptions, self: Command) =>
    run(self, (context) => initLocal(options, context)),
  );
}

/** Adds lines, and changes none; can be run as often as one likes. */
export async function initLocal({ config }: ProjectOptions, context: CommandContext): Promise<CommandResult> {
  const { folder, sessionsFile } = await findProject({ config }, context);
  const { options, sessions } = await context.progress.during('loading the sessions', () =>
    loadAuthSessions(sessionsFile, context.env),
  );
  const names = options.local?.files ?? sessionDefaults.localFiles;
  const files = names.map((name) => path.resolve(folder, name));
  const file = files.at(-1) ?? path.resolve(folder, sessionDefaults.localFiles[0]);
  const missing = await missingLocalKeys([...sessions.values()], files);
  const tightened = await addLocalKeys(file, missing);
  const ignored = await addIgnoreLine(file, folder);
  const shown = path.relative(context.folder, file) || file;
  const keys = missing.map(({ key }) => key);
  const lines = [
    keys.length > 0
      ? `${context.style.good('✓')} ${shown} has ${keys.length} new key${keys.length === 1 ? '' : 's'}; fill ${keys.length === 1 ? 'it' : 'them'} in:`
      : `${context.style.good('✓')} ${shown} has every key already.`,
    ...keys.map((key) => `  ${key}`),
    ...(tightened ? ['  It was readable for others; it is yours alone now (mode 0600).'] : []),
    ...(ignored === 'added' ? ['  .gitignore now has it.'] : []),
    ...(ignored === 'outside' ? ['  git does not ignore it: it is outside of the project.'] : []),
    ...(keys.length > 0 ? ['Then: npx playwright-auth-sessions create --all'] : []),
  ];
  return { data: { file, added: keys, tightened, ignored }, text: lines.join('\n') };
}
