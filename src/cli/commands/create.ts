import type { Command } from 'commander';
import { bringUp } from '../engine/bring-up.js';
import { chooseEntries } from '../engine/choose-entries.js';
import type { CommandContext, CommandResult } from '../terminal/command-context.js';
import {
  projectChoiceOf,
  withExamples,
  withJson,
  withProjectOptions,
  type ProjectOptions,
} from './command-options.js';
import { findProject } from '../project/find-project.js';
import { withEngine } from '../engine/open-engine.js';
import { requireDisplay } from '../engine/require-display.js';
import type { RunAct } from './registration.js';

export interface CreateOptions extends ProjectOptions {
  readonly all?: boolean;
  readonly headed?: boolean;
}

export function registerCreate(program: Command, run: RunAct): void {
  const command = program
    .command('create')
    .argument('[names...]', 'sessions')
    .description('sign in the sessions that have no valid stored state, as a run does')
    .option('--all', 'all sessions that a flow signs in')
    .option('--headed', "show the flow's browser");
  withExamples(
    withJson(withProjectOptions(command)),
    'create admin customer',
    'create admin --headed',
    'create --all',
  ).action((names: string[], options: CreateOptions, self: Command) =>
    run(self, (context) => createSessions(names, options, context)),
  );
}

/** Sessions sign in concurrently. */
export async function createSessions(
  names: readonly string[],
  options: CreateOptions,
  context: CommandContext,
): Promise<CommandResult> {
  if (options.headed) requireDisplay(context.env);
  const project = await findProject(projectChoiceOf(options), context);
  return withEngine({ project, context, headed: options.headed ?? false }, async (engine) => {
    const entries = await chooseEntries(
      { names, all: options.all ?? false, wanted: ({ session }) => session.type === 'credentials' },
      project,
      engine,
    );
    return bringUp(entries, engine, { project, context });
  });
}
