import path from 'node:path';
import { chooseEntry } from '../engine/choose-entries.js';
import { readStateFile } from '../files/read-state-file.js';
import type { CommandContext, CommandResult } from '../terminal/command-context.js';
import { suiteFlags, type SuiteFlags } from './command-options.js';
import { defineCommand } from './define-command.js';
import { refuseRuntime, storeState } from './store-state.js';
import { withSuite } from './with-suite.js';

export interface ImportOptions extends SuiteFlags {
  readonly force?: boolean;
}

export const registerImport = defineCommand<[name: string, file: string], ImportOptions>({
  name: 'import',
  arguments: [
    ['<name>', 'a session'],
    ['<file>', "a storage state in Playwright's format, such as a setup project's"],
  ],
  description: "store the state in a plain file as a session's, sealed",
  options: [['--force', 'store the state even if it does not seem signed in']],
  shared: [...suiteFlags, 'json'],
  examples: ['import admin playwright/.auth/admin.json'],
  act: ([name, file], options, context) => importState(name, file, { options, context }),
});

/** The exit code is 1, and nothing is stored, if the state is not signed in. The file stays. */
export async function importState(
  name: string,
  file: string,
  { options, context }: { readonly options: ImportOptions; readonly context: CommandContext },
): Promise<CommandResult> {
  const state = await readStateFile(path.resolve(context.folder, file));
  return withSuite(options, { context, needsVault: false }, async (suite, engine) => {
    const entry = await chooseEntry(name, suite, engine);
    refuseRuntime(entry, by);
    const stored = await storeState(entry, state, { engine, context, by, force: options.force ?? false });
    return {
      ...stored,
      data: { ...stored.data, file },
      text: `${stored.text}\n  Delete ${file}: anyone holding it can use the session. If it was ever committed, sign out too.`,
    };
  });
}

const by = {
  done: 'imported',
  act: 'import it',
  again: 'Sign in again, save the state, and import that',
  from: 'The file',
  keepsUnchecked: false,
};
