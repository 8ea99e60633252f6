import { bringUp } from '../engine/bring-up.js';
import { chooseEntries } from '../engine/choose-entries.js';
import { requireDisplay } from '../engine/require-display.js';
import type { CommandContext, CommandResult } from '../terminal/command-context.js';
import { requireSteps, whileDebugging } from '../recording/debug-sign-in.js';
import { suiteFlags, type SuiteFlags } from './command-options.js';
import { defineCommand } from './define-command.js';
import { whileTracing } from './trace-file.js';
import { withSuite } from './with-suite.js';

export interface CreateOptions extends SuiteFlags {
  readonly all?: boolean;
  readonly headed?: boolean;
  readonly trace?: string;
  readonly debug?: boolean;
}

export const registerCreate = defineCommand<[names: string[]], CreateOptions>({
  name: 'create',
  arguments: [['[names...]', 'sessions']],
  description: 'sign in the sessions that have no valid stored state, as a run does',
  options: [
    ['--all', 'all sessions that a flow signs in'],
    ['--headed', "show the flow's browser"],
    ['--debug', "step through the sign-in of one session in Playwright's inspector"],
    ['--trace <file>', 'write a redacted trace of the sign-in of one session'],
  ],
  shared: [...suiteFlags, 'json'],
  examples: ['create admin customer', 'create admin --headed', 'create admin --debug', 'create --all'],
  act: ([names], options, context) => createSessions(names, options, context),
});

/** Sessions sign in concurrently. */
export async function createSessions(
  names: readonly string[],
  options: CreateOptions,
  context: CommandContext,
): Promise<CommandResult> {
  if (options.headed || options.debug) requireDisplay(context.env);
  const headed = options.headed ?? false;
  return whileTracing({ file: options.trace, names }, context, (trace) =>
    whileDebugging({ isOn: options.debug ?? false, names }, context, (debug) =>
      withSuite(options, { context, headed, asksPerson: true, trace, debug }, async (suite, engine) => {
        const entries = await chooseEntries(
          { names, all: options.all ?? false, wanted: ({ session }) => session.type === 'credentials' },
          suite,
          engine,
        );
        if (debug) requireSteps(entries);
        return bringUp(entries, engine, { suite, context });
      }),
    ),
  );
}
