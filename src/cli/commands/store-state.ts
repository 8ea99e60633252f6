import { expiryOf } from '../../core/entry-freshness.js';
import { AuthSessionsError } from '../../core/errors.js';
import { publicUrl } from '../../core/public-url.js';
import { isEmptyState, type StorageState } from '../../core/storage-state.js';
import type { JudgedState } from '../../session/session-desk.js';
import type { SessionEntry } from '../../session/session-entry.js';
import type { Engine } from '../engine/with-engine.js';
import type { CommandContext } from '../terminal/command-context.js';
import { formatDuration } from '../terminal/format-duration.js';
import { formatState, listState, type StatePart } from '../terminal/list-state.js';

export interface StoreStateOptions {
  readonly engine: Engine;
  readonly context: CommandContext;
  /** Whether to store a state that does not seem signed in. */
  readonly force: boolean;
  /** How the state came here. */
  readonly by: Way;
}

export interface Way {
  /** `recorded` */
  readonly done: string;
  /** `record it` */
  readonly act: string;
  /** What to do with a state that is not signed in. */
  readonly again: string;
  /** What had no state, if that is so: `The window` */
  readonly from: string;
}

/** A stored state, for a command's result. */
export interface StoredState {
  readonly text: string;
  readonly data: {
    readonly session: string;
    readonly baseURL: string | null;
    readonly signedIn: boolean | null;
    readonly expiresAt: string;
    readonly store: string;
    readonly captured: readonly StatePart[];
  };
}

/**
 * Runs the flow's check on a state, lists what the state consists of, and stores it.
 *
 * @throws AuthSessionsError `ERR_NOT_SIGNED_IN`, `ERR_SESSION_BUSY`
 */
export async function storeState(
  entry: SessionEntry,
  state: StorageState,
  { engine, context, force, by }: StoreStateOptions,
): Promise<StoredState> {
  const { session } = entry;
  const judged = await context.progress.during(`checking ${session.name}`, () =>
    engine.desk.judge(entry, state),
  );
  context.signal.throwIfAborted();
  // After the check, which registers the values: output is redacted.
  const captured = listState(state);
  if (captured.length > 0)
    context.note(['Captured:', ...formatState(captured, context.clock.nowMs())].join('\n  '));
  if (!force) refuseUnlessSignedIn(entry, judged, by);
  await engine.whileUsing(session, async () => engine.desk.keep(entry, judged.record));
  return describe(entry, judged, { captured, engine, context, by });
}

/** @throws AuthSessionsError `ERR_SESSION_TYPE` */
export function refuseRuntime({ session: { name, type } }: SessionEntry, { done, act }: Way): void {
  if (type !== 'runtime') return;
  throw new AuthSessionsError(
    'ERR_SESSION_TYPE',
    {
      failed: `Session "${name}" cannot be ${done}.`,
      known: 'It is of type runtime: tests give its parameters, and its state is not stored.',
      next: `Declare a session of type recorder, and ${act.replace(/\bit$/, 'that')}.`,
    },
    { session: name },
  );
}

function refuseUnlessSignedIn(
  { session: { name } }: SessionEntry,
  { signedIn, record, notes, seen }: JudgedState,
  { done, again, from }: Way,
): void {
  const isEmpty = isEmptyState(record.state);
  if (signedIn && !isEmpty) return;
  const where = seen === undefined ? '' : `: ${seen}`;
  const known = isEmpty
    ? `${from} has no cookies and no storage.`
    : `The flow's check returned false${where}.`;
  throw new AuthSessionsError(
    'ERR_NOT_SIGNED_IN',
    {
      failed: `Session "${name}" was not ${done}: it is not signed in.`,
      known: [known, ...notes.map((note) => `${note.replace(/\.$/, '')}.`)].join(' '),
      next: `${again}, or add --force to store it anyway.`,
    },
    { session: name },
  );
}

interface Stored extends Pick<StoreStateOptions, 'engine' | 'context' | 'by'> {
  readonly captured: readonly StatePart[];
}

function describe(
  { session, baseURL }: SessionEntry,
  judged: JudgedState,
  { captured, engine, context, by }: Stored,
): StoredState {
  const { cookies, origins } = judged.record.state.playwright;
  const { atMs } = expiryOf(judged.record, session);
  const lasts = formatDuration(Math.max(0, atMs - context.clock.nowMs()));
  const later =
    session.type === 'recorder'
      ? `It lasts at most ${lasts}. Then ${by.act} again.`
      : `It lasts at most ${lasts}. Then its flow signs in.`;
  const found = `${cookies.length} cookie${cookies.length === 1 ? '' : 's'}, storage of ${origins.length} origin${origins.length === 1 ? '' : 's'}`;
  const how =
    judged.checks === 0
      ? 'not checked'
      : `${judged.signedIn ? 'signed in' : 'not signed in, but stored with --force,'} according to the flow's check`;
  const { style } = context;
  return {
    data: {
      session: session.name,
      baseURL: publicUrl(baseURL) ?? null,
      signedIn: judged.checks > 0 ? judged.signedIn : null,
      expiresAt: new Date(atMs).toISOString(),
      store: engine.greeting.store,
      captured,
    },
    text: `${style.good('✓')} ${style.strong(session.name)} ${by.done}: ${how} (${found}).\n  ${later}`,
  };
}
