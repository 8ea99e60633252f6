import path from 'node:path';
import { expiryOf, freshnessOf } from '../../core/entry-freshness.js';
import { AuthSessionsError } from '../../core/errors.js';
import type { SessionEntry } from '../../session/session-entry.js';
import { labelOf } from '../engine/bring-up.js';
import { chooseEntries } from '../engine/choose-entries.js';
import type { Engine } from '../engine/with-engine.js';
import { writePack, type PackedSession } from '../files/pack-file.js';
import type { CommandContext, CommandResult } from '../terminal/command-context.js';
import { formatDuration } from '../terminal/format-duration.js';
import { suiteFlags, type SuiteFlags } from './command-options.js';
import { defineCommand } from './define-command.js';
import { withSuite } from './with-suite.js';

export const registerPack = defineCommand<[file: string, names: string[]], SuiteFlags>({
  name: 'pack',
  arguments: [
    ['<file>', 'the file to write'],
    ['[names...]', 'sessions  [all that are stored]'],
  ],
  description: 'write stored sessions, as they are sealed, into one file for other machines',
  shared: [...suiteFlags, 'json'],
  examples: ['pack sessions.json', 'pack sessions.json admin customer'],
  act: ([file, names], options, context) => packSessions({ file, names, options }, context),
});

export interface PackRequest {
  readonly file: string;
  readonly names: readonly string[];
  readonly options: SuiteFlags;
}

/**
 * Only reads the store. Named sessions must be there; without names, the file has what there is. Exclusive sessions are
 * not packed: a copy of a token for one use takes it from its holder.
 */
export async function packSessions(
  { file, names, options }: PackRequest,
  context: CommandContext,
): Promise<CommandResult> {
  return withSuite(options, { context, needsVault: false }, async (suite, engine) => {
    const all = names.length === 0;
    const chosen = await chooseEntries({ names, all, wanted: ({ record }) => !!record }, suite, engine);
    const exclusive = namesOf(chosen.filter(({ session }) => session.exclusive));
    if (!all && exclusive.length > 0) throw notPacked(exclusive);
    if (exclusive.length > 0) context.note(`Not packed: ${exclusive.join(', ')}. ${whyNotPacked}`);
    const entries = chosen.filter(({ session }) => !session.exclusive);
    const nowMs = context.clock.nowMs();
    const packed = await Promise.all(entries.map(async (entry) => packOne(entry, engine, nowMs)));
    const missing = entries.filter((_, index) => !packed[index]);
    if (!all && missing.length > 0) throw notStored(missing);
    const sessions = packed.filter((one) => one !== undefined);
    await writePack(path.resolve(context.folder, file), sessions);
    if (engine.desk.keySource === 'key file') context.note(ofThisMachine);
    const { style } = context;
    const lines = entries.flatMap((entry, index) => {
      const one = packed[index];
      const left = one && formatDuration(Date.parse(one.expiresAt) - nowMs);
      return one ? [`${style.good('✓')} ${labelOf(entry, entries)}, expires in ${left ?? ''}`] : [];
    });
    const data = {
      file,
      /** `key file`: no other machine can open them. */
      keyFrom: engine.desk.keySource,
      sessions: sessions.map(({ name, signedInAt, expiresAt }) => ({ name, signedInAt, expiresAt })),
      /** Exclusive sessions that are stored. */
      notPacked: exclusive,
    };
    return { data, text: [...lines, `${sessions.length} in ${file}, sealed.`].join('\n') };
  });
}

async function packOne(
  entry: SessionEntry,
  { desk }: Engine,
  nowMs: number,
): Promise<PackedSession | undefined> {
  const carried = await desk.carryOut(entry);
  if (!carried || freshnessOf(carried.record, entry.session, nowMs) === 'expired') return undefined;
  return {
    name: entry.session.name,
    key: entry.key,
    signedInAt: new Date(carried.record.createdAtMs).toISOString(),
    expiresAt: new Date(expiryOf(carried.record, entry.session).atMs).toISOString(),
    sealed: carried.sealed,
  };
}

function notStored(missing: readonly SessionEntry[]): AuthSessionsError {
  const names = namesOf(missing);
  return new AuthSessionsError('ERR_SESSION_EXPIRED', {
    failed: `No usable state is stored for: ${names.join(', ')}.`,
    known: 'No file was written.',
    next: `Run: npx playwright-auth-sessions create ${names.join(' ')}`,
  });
}

function notPacked(names: readonly string[]): AuthSessionsError {
  return new AuthSessionsError('ERR_SESSION_TYPE', {
    failed: `Exclusive sessions are not packed: ${names.join(', ')}.`,
    known: `${whyNotPacked} No file was written.`,
    next: 'Omit them. For exclusive sessions on several machines, set AUTH_SESSIONS_STORE_URL.',
  });
}

function namesOf(entries: readonly SessionEntry[]): string[] {
  return [...new Set(entries.map(({ session }) => session.name))];
}

const whyNotPacked = 'An exclusive session has one holder, and a copy of it would be a second one.';

const ofThisMachine =
  'The key of the store is in a file of this machine: no other machine can open these sessions. Set AUTH_SESSIONS_KEY on all machines.';
