import path from 'node:path';
import type { CarryOutcome } from '../../session/carry-session.js';
import type { SessionEntry } from '../../session/session-entry.js';
import { labelOf } from '../engine/bring-up.js';
import type { Engine } from '../engine/with-engine.js';
import { readPack, type PackedSession } from '../files/pack-file.js';
import type { CommandContext, CommandResult } from '../terminal/command-context.js';
import type { Style } from '../terminal/style.js';
import { suiteFlags, type SuiteFlags } from './command-options.js';
import { defineCommand } from './define-command.js';
import { withSuite } from './with-suite.js';

export const registerUnpack = defineCommand<[file: string], SuiteFlags>({
  name: 'unpack',
  arguments: [['<file>', 'a file that pack has written']],
  description: 'put the sessions of a packed file into the store, unless it has newer ones',
  shared: [...suiteFlags, 'json'],
  examples: ['unpack sessions.json'],
  act: ([file], options, context) => unpackSessions(file, options, context),
});

/** A packed session that became a stored one, or why not. `unknown`: no session of the project has its key. */
export interface UnpackedSession {
  readonly name: string;
  readonly outcome: CarryOutcome | 'unknown';
}

/** The exit code is 1 if a session could not be opened. */
export async function unpackSessions(
  file: string,
  options: SuiteFlags,
  context: CommandContext,
): Promise<CommandResult> {
  const packed = await readPack(path.resolve(context.folder, file));
  return withSuite(options, { context, needsVault: false }, async (suite, engine) => {
    const entries = await engine.desk.entries(suite.places);
    const rows = await Promise.all(packed.map(async (one) => unpackOne(one, entries, engine)));
    return {
      data: { file, sessions: rows.map(({ name, outcome }): UnpackedSession => ({ name, outcome })) },
      text:
        rows.length === 0
          ? `${file} has no sessions.`
          : rows.map((row) => formatRow(row, entries, context.style)).join('\n'),
      foundTrouble: rows.some(({ outcome }) => !harmless.has(outcome)),
    };
  });
}

type Row = UnpackedSession & { readonly entry: SessionEntry | undefined };

async function unpackOne(
  { key, name, sealed }: PackedSession,
  entries: readonly SessionEntry[],
  { desk, whileUsing }: Engine,
): Promise<Row> {
  const entry = entries.find((one) => one.key === key && one.session.type !== 'runtime');
  if (!entry) return { name, entry, outcome: 'unknown' };
  return { name, entry, outcome: await whileUsing(entry.session, async () => desk.carryIn(entry, sealed)) };
}

function formatRow({ name, entry, outcome }: Row, entries: readonly SessionEntry[], style: Style): string {
  const mark = outcome === 'stored' ? style.good('✓') : harmless.has(outcome) ? '-' : style.trouble('✗');
  return `${mark} ${entry ? labelOf(entry, entries) : name}: ${words[outcome]}`;
}

const harmless: ReadonlySet<UnpackedSession['outcome']> = new Set(['stored', 'newer', 'expired', 'unknown']);

const words: Readonly<Record<UnpackedSession['outcome'], string>> = {
  stored: 'stored',
  newer: 'not stored, because the store has this state or a newer one',
  expired: 'not stored, because it has expired',
  unknown: 'not stored, because no session here has its flow, references and base URL',
  'other-key':
    'not usable, because it is sealed with another key: use the same AUTH_SESSIONS_KEY, or the same service account token',
  altered: 'not usable, because it was altered',
  'other-entry': 'not usable, because it belongs to another session',
  'not-sealed': 'not usable, because it is not sealed',
  'unknown-version': 'not usable, because another version of this package sealed it',
  malformed: 'not usable, because it is malformed',
};
