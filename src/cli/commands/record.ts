import { chooseEntry } from '../engine/choose-entries.js';
import { windowPlan } from '../engine/headed-plan.js';
import { requireDisplay } from '../engine/require-display.js';
import { pageAddress } from '../suite/page-address.js';
import { recordByHand } from '../recording/record-by-hand.js';
import type { CommandContext, CommandResult } from '../terminal/command-context.js';
import { usageError } from '../terminal/usage-error.js';
import { suiteFlags, type SuiteFlags } from './command-options.js';
import { defineCommand } from './define-command.js';
import { refuseRuntime, storeState } from './store-state.js';
import { withSuite } from './with-suite.js';

export interface RecordOptions extends SuiteFlags {
  readonly url?: string;
  readonly userDataDir?: string;
  readonly untilUrl?: string;
  readonly untilText?: string;
  readonly force?: boolean;
}

export const registerRecord = defineCommand<[name: string], RecordOptions>({
  name: 'record',
  arguments: [['<name>', 'a session']],
  description: 'sign in by hand in a browser and store the session for tests',
  options: [
    ['--url <url>', 'page to start at, relative to the base URL  [the base URL]'],
    ['--user-data-dir <folder>', 'browser profile to use; it is kept  [a new profile]'],
    ['--until-url <glob>', 'finish when a page has this address'],
    ['--until-text <text>', 'finish when a page shows this text'],
    ['--force', 'store the state even if it does not seem signed in'],
  ],
  shared: [...suiteFlags, 'json'],
  examples: ['record admin --url /sign-in', "record admin --until-url '**/home'"],
  act: ([name], options, context) => recordSession(name, options, context),
});

/**
 * The exit code is 1, and nothing is stored, if the session is not signed in at the end. It is 1, and the session is stored,
 * if the application does not answer the check.
 */
export async function recordSession(
  name: string,
  options: RecordOptions,
  context: CommandContext,
): Promise<CommandResult> {
  for (const [flag, value] of [
    ['--until-url', options.untilUrl],
    ['--until-text', options.untilText],
  ] as const)
    if (value?.trim() === '')
      throw usageError(`${flag} is empty.`, 'Say what ends the recording, or leave it out.');
  requireDisplay(context.env);
  return withSuite(options, { context, needsVault: false }, async (suite, engine) => {
    const entry = await chooseEntry(name, suite, engine);
    refuseRuntime(entry, by);
    const recorded = await recordByHand(
      entry,
      {
        plan: windowPlan(suite, entry.place),
        address: pageAddress(options.url, entry.baseURL),
        userDataDir: options.userDataDir,
        until: { url: options.untilUrl, text: options.untilText },
      },
      context,
    );
    context.signal.throwIfAborted();
    for (const line of recorded.staysBehind) context.note(`Not in the stored session: ${line}`);
    const stored = await storeState(entry, recorded.state, {
      ...{ engine, context, by },
      force: options.force ?? false,
    });
    return {
      ...stored,
      data: { ...stored.data, doneBy: recorded.doneBy, staysBehind: recorded.staysBehind },
    };
  });
}

const by = {
  done: 'recorded',
  act: 'record it',
  again: 'Record it again and finish the sign-in',
  from: 'The window',
  keepsUnchecked: true,
};
