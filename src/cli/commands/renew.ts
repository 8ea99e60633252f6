import { joinErrors } from '../../core/errors.js';
import { needsPerson } from '../../session/needs-person.js';
import type { SessionEntry } from '../../session/session-entry.js';
import { bringUp } from '../engine/bring-up.js';
import { chooseEntries } from '../engine/choose-entries.js';
import { requireDisplay } from '../engine/require-display.js';
import type { Engine } from '../engine/with-engine.js';
import type { FoundSuite } from '../suite/find-suite.js';
import type { CommandContext, CommandResult } from '../terminal/command-context.js';
import { requireSteps, whileDebugging } from '../recording/debug-sign-in.js';
import { suiteFlags, type SuiteFlags } from './command-options.js';
import { defineCommand } from './define-command.js';
import { whileTracing } from './trace-file.js';
import { withSuite } from './with-suite.js';

export interface RenewOptions extends SuiteFlags {
  readonly all?: boolean;
  readonly headed?: boolean;
  readonly trace?: string;
  readonly debug?: boolean;
}

export const registerRenew = defineCommand<[names: string[]], RenewOptions>({
  name: 'renew',
  arguments: [['[names...]', 'sessions']],
  description: 'sign sessions in again, ignoring stored sessions',
  options: [
    ['--all', 'all stored sessions that a flow signs in'],
    ['--headed', "show the flow's browser"],
    ['--debug', "step through the sign-in of one session in Playwright's inspector"],
    ['--trace <file>', 'write a redacted trace of the sign-in of one session'],
  ],
  shared: [...suiteFlags, 'json'],
  examples: ['renew admin'],
  act: ([names], options, context) => renewSessions(names, options, context),
});

/** The stored session stays until the new sign-in succeeds. Rejected credentials are sent once more. */
export async function renewSessions(
  names: readonly string[],
  options: RenewOptions,
  context: CommandContext,
): Promise<CommandResult> {
  if (options.headed || options.debug) requireDisplay(context.env);
  const headed = options.headed ?? false;
  return whileTracing({ file: options.trace, names }, context, (trace) =>
    whileDebugging({ isOn: options.debug ?? false, names }, context, (debug) =>
      withSuite(options, { context, headed, asksPerson: true, trace, debug }, async (suite, engine) => {
        const wanted = ({ session, record }: SessionEntry) =>
          session.type === 'credentials' && record !== undefined;
        const choice = { names, all: options.all ?? false, wanted };
        const entries = await chooseEntries(choice, suite, engine);
        refuseRecorded(entries);
        if (debug) requireSteps(entries);
        return renewEntries(entries, engine, { suite, context });
      }),
    ),
  );
}

/** Signs in again, and once more with rejected credentials: a person asked for it. */
export async function renewEntries(
  entries: readonly SessionEntry[],
  engine: Engine,
  around: { readonly suite: FoundSuite; readonly context: CommandContext },
): Promise<CommandResult> {
  for (const entry of entries) {
    engine.desk.retire(entry);
    engine.allowRefused(entry.key);
  }
  return bringUp(entries, engine, around);
}

function refuseRecorded(entries: readonly SessionEntry[]): void {
  const recorded = new Set(
    entries.filter(({ session }) => session.type === 'recorder').map(({ session }) => session.name),
  );
  if (recorded.size > 0) throw joinErrors([...recorded].map(needsPerson));
}
