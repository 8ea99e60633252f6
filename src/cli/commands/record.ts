import { expiryOf } from '../../core/entry-freshness.js';
import { AuthSessionsError } from '../../core/errors.js';
import { publicUrl } from '../../core/public-url.js';
import { isEmptyState } from '../../core/storage-state.js';
import type { JudgedState } from '../../session/session-desk.js';
import type { SessionEntry } from '../../session/session-entry.js';
import { chooseEntry } from '../engine/choose-entries.js';
import { windowPlan } from '../engine/headed-plan.js';
import { requireDisplay } from '../engine/require-display.js';
import type { Engine } from '../engine/with-engine.js';
import { pageAddress } from '../suite/page-address.js';
import { recordByHand, type RecordedByHand } from '../recording/record-by-hand.js';
import type { CommandContext, CommandResult } from '../terminal/command-context.js';
import { formatDuration } from '../terminal/format-duration.js';
import { suiteFlags, type SuiteFlags } from './command-options.js';
import { defineCommand } from './define-command.js';
import { withSuite } from './with-suite.js';

export interface RecordOptions extends SuiteFlags {
  readonly url?: string;
  readonly userDataDir?: string;
  readonly force?: boolean;
}

export const registerRecord = defineCommand<[name: string], RecordOptions>({
  name: 'record',
  arguments: [['<name>', 'a session']],
  description: 'sign in by hand in a browser and store the session for tests',
  options: [
    ['--url <url>', 'page to start at, relative to the base URL  [the base URL]'],
    ['--user-data-dir <folder>', 'browser profile to use; it is kept  [a new profile]'],
    ['--force', 'store the state even if it does not seem signed in'],
  ],
  shared: [...suiteFlags, 'json'],
  examples: ['record admin', 'record admin --url /sign-in'],
  act: ([name], options, context) => recordSession(name, options, context),
});

/** The exit code is 1, and nothing is stored, if the session is not signed in at the end. */
export async function recordSession(
  name: string,
  options: RecordOptions,
  context: CommandContext,
): Promise<CommandResult> {
  requireDisplay(context.env);
  return withSuite(options, { context, needsVault: false }, async (suite, engine) => {
    const entry = await chooseEntry(name, suite, engine);
    refuseRuntime(entry);
    const recorded = await recordByHand(
      entry,
      {
        plan: windowPlan(suite, entry.place),
        address: pageAddress(options.url, entry.baseURL),
        userDataDir: options.userDataDir,
      },
      context,
    );
    context.signal.throwIfAborted();
    const judged = await context.progress.during(`checking ${name}`, () =>
      engine.desk.judge(entry, recorded.state),
    );
    context.signal.throwIfAborted();
    if (!options.force) refuseUnlessSignedIn(entry, judged);
    await engine.whileUsing(entry.session, async () => engine.desk.keep(entry, judged.record));
    return describe(entry, { recorded, judged, engine, context });
  });
}

function refuseRuntime({ session: { name, type } }: SessionEntry): void {
  if (type !== 'runtime') return;
  throw new AuthSessionsError(
    'ERR_SESSION_TYPE',
    {
      failed: `Session "${name}" cannot be recorded.`,
      known: 'It is of type runtime: tests give its parameters, and its state is not stored.',
      next: 'Declare a session of type recorder, and record that.',
    },
    { session: name },
  );
}

function refuseUnlessSignedIn({ session: { name } }: SessionEntry, { signedIn, record, notes }: JudgedState) {
  const isEmpty = isEmptyState(record.state);
  if (signedIn && !isEmpty) return;
  const known = isEmpty ? 'The window has no cookies and no storage.' : "The flow's check returned false.";
  throw new AuthSessionsError(
    'ERR_NOT_SIGNED_IN',
    {
      failed: `Session "${name}" was not recorded: it is not signed in.`,
      known: [known, ...notes.map((note) => `${note.replace(/\.$/, '')}.`)].join(' '),
      next: 'Record it again and finish the sign-in, or add --force to store it anyway.',
    },
    { session: name },
  );
}

interface Recording {
  readonly recorded: RecordedByHand;
  readonly judged: JudgedState;
  readonly engine: Engine;
  readonly context: CommandContext;
}

function describe(
  { session, baseURL }: SessionEntry,
  { recorded, judged, engine, context }: Recording,
): CommandResult {
  const { cookies, origins } = judged.record.state.playwright;
  const { atMs } = expiryOf(judged.record, session);
  const lasts = formatDuration(Math.max(0, atMs - context.clock.nowMs()));
  const later =
    session.type === 'recorder'
      ? `It lasts at most ${lasts}. Then record it again.`
      : `It lasts at most ${lasts}. Then its flow signs in.`;
  const found = `${cookies.length} cookie${cookies.length === 1 ? '' : 's'}, storage of ${origins.length} origin${origins.length === 1 ? '' : 's'}`;
  const how =
    judged.checks === 0
      ? 'not checked'
      : `${judged.signedIn ? 'signed in' : 'not signed in, but stored with --force,'} according to the flow's check`;
  return {
    data: {
      session: session.name,
      baseURL: publicUrl(baseURL) ?? null,
      doneBy: recorded.doneBy,
      signedIn: judged.checks > 0 ? judged.signedIn : null,
      expiresAt: new Date(atMs).toISOString(),
      store: engine.greeting.store,
    },
    text: `${context.style.good('✓')} ${context.style.strong(session.name)} recorded: ${how} (${found}).\n  ${later}`,
  };
}
