import type { Command } from 'commander';
import type { SessionEntry } from '../../session/session-desk.js';
import { AuthSessionsError, joinErrors } from '../../core/errors.js';
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

export interface RenewOptions extends ProjectOptions {
  readonly all?: boolean;
  readonly headed?: boolean;
}

export function registerRenew(program: Command, run: RunAct): void {
  const command = program
    .command('renew')
    .argument('[names...]', 'sessions')
    .description('sign sessions in again, ignoring stored sessions')
    .option('--all', 'all stored sessions that a flow signs in')
    .option('--headed', "show the flow's browser");
  withExamples(withJson(withProjectOptions(command)), 'renew admin').action(
    (names: string[], options: RenewOptions, self: Command) =>
      run(self, (context) => renewSessions(names, options, context)),
  );
}

/** The stored session stays until the new sign-in succeeds. Rejected credentials are sent once more. */
export async function renewSessions(
  names: readonly string[],
  options: RenewOptions,
  context: CommandContext,
): Promise<CommandResult> {
  if (options.headed) requireDisplay(context.env);
  const project = await findProject(projectChoiceOf(options), context);
  return withEngine({ project, context, headed: options.headed ?? false }, async (engine) => {
    const wanted = ({ session, record }: SessionEntry) =>
      session.type === 'credentials' && record !== undefined;
    const choice = { names, all: options.all ?? false, wanted };
    const entries = await chooseEntries(choice, project, engine);
    refuseRecorded(entries);
    for (const entry of entries) {
      engine.desk.retire(entry);
      engine.allowRefused(entry.key);
    }
    return bringUp(entries, engine, { project, context });
  });
}

function refuseRecorded(entries: readonly SessionEntry[]): void {
  const recorded = new Set(
    entries.filter(({ session }) => session.type === 'recorder').map(({ session }) => session.name),
  );
  if (recorded.size > 0) throw joinErrors([...recorded].map(needsPerson));
}

function needsPerson(session: string): AuthSessionsError {
  return new AuthSessionsError(
    'ERR_RECORDING_NEEDED',
    {
      failed: `Session "${session}" cannot be renewed without a person.`,
      known: 'It is of type recorder: a person signs in.',
      next: `Run: npx playwright-auth-sessions record ${session}`,
    },
    { session },
  );
}
