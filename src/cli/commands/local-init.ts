import path from 'node:path';
import { countOf } from '../../core/count-of.js';
import { sessionDefaults } from '../../core/session-defaults.js';
import { loadAuthSessions } from '../../declaration/load-auth-sessions.js';
import { missingLocalKeys } from '../../vault/local/local-keys.js';
import { addIgnoreLine } from '../files/add-ignore-line.js';
import { addLocalKeys } from '../files/add-local-keys.js';
import { findSuite } from '../suite/find-suite.js';
import type { CommandContext, CommandResult } from '../terminal/command-context.js';
import type { SuiteFlags } from './command-options.js';
import { defineCommand } from './define-command.js';

export const registerLocalInit = defineCommand<[], SuiteFlags>({
  name: 'init',
  group: { name: 'local', description: 'manage local test credentials' },
  description: 'add missing keys to the local credentials file, for you to fill in',
  shared: ['config', 'json'],
  examples: ['local init'],
  act: (_given, options, context) => initLocal(options, context),
});

/** Adds lines, and changes none. Safe to run again. */
export async function initLocal({ config }: SuiteFlags, context: CommandContext): Promise<CommandResult> {
  const { folder, sessionsFile } = await findSuite({ config }, context);
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
      ? `${context.style.good('✓')} ${shown} has ${countOf(keys.length, 'new key')}; fill ${keys.length === 1 ? 'it' : 'them'} in:`
      : `${context.style.good('✓')} ${shown} already has every key.`,
    ...keys.map((key) => `  ${key}`),
    ...(tightened ? ['  Other users could read it. Now only you can (mode 0600).'] : []),
    ...(ignored === 'added' ? ['  Added it to .gitignore.'] : []),
    ...(ignored === 'no repository'
      ? [`  No Git repository was found. Before you create one, add ${path.basename(file)} to .gitignore.`]
      : []),
    ...(ignored === 'outside' ? ['  Git does not ignore it: it is outside the project.'] : []),
    ...(keys.length > 0 ? ['Then: npx playwright-auth-sessions create --all'] : []),
  ];
  return { data: { file, added: keys, tightened, ignored }, text: lines.join('\n') };
}
