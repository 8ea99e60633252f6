import type { Command } from 'commander';
import { publicUrl } from '../../core/public-url.js';
import { labelOf } from '../bring-up.js';
import { chooseEntries } from '../choose-entries.js';
import type { CommandContext, CommandResult } from '../command-context.js';
import {
  projectChoiceOf,
  withExamples,
  withJson,
  withProjectOptions,
  type ProjectOptions,
} from '../command-options.js';
import { findProject } from '../find-project.js';
import { withEngine } from '../open-engine.js';
import type { RunAct } from '../registration.js';

export interface RemoveOptions extends ProjectOptions {
  readonly all?: boolean;
}

export function registerRemove(program: Command, run: RunAct): void {
  const command = program
    .command('remove')
    .argument('[names...]', 'sessions')
    .description('take sessions out of the store; the application is not signed out of')
    .option('--all', 'every session');
  withExamples(withJson(withProjectOptions(command)), 'remove admin', 'remove --all').action(
    (names: string[], options: RemoveOptions, self: Command) =>
      run(self, (context) => removeSessions(names, options, context)),
  );
}

/** Whoever asks next signs in. */
export async function removeSessions(
  names: readonly string[],
  options: RemoveOptions,
  context: CommandContext,
): Promise<CommandResult> {
  const project = await findProject(projectChoiceOf(options), context);
  return withEngine(project, {}, context, async (engine) => {
    const choice = { names, all: options.all ?? false, wanted: () => true };
    const entries = await chooseEntries(choice, project, engine);
    const rows = await Promise.all(
      entries.map(async (entry) => ({
        name: entry.session.name,
        baseURL: publicUrl(entry.baseURL) ?? null,
        removed: await engine.desk.remove(entry),
      })),
    );
    const lines = entries.map((entry, index) =>
      rows[index]?.removed
        ? `${context.style.good('✓')} ${labelOf(entry, entries)} removed`
        : `- ${labelOf(entry, entries)}: nothing was stored`,
    );
    return { data: { sessions: rows }, text: lines.join('\n') };
  });
}
