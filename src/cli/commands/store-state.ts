import { countOf } from '../../core/count-of.js';
import { expiryOf } from '../../core/entry-freshness.js';
import { AuthSessionsError } from '../../core/errors.js';
import { publicUrl } from '../../core/public-url.js';
import { isEmptyState, type StorageState } from '../../core/storage-state.js';
import type { JudgedState } from '../../session/check-answer.js';
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
  /** Whether the state is stored although the application did not answer: a person would have to sign in again. */
  readonly keepsUnchecked: boolean;
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
  /** That the application did not answer. */
  readonly errors: readonly AuthSessionsError[];
}

/**
 * Runs the flow's check on a state, lists what the state consists of, and stores it.
 *
 * @throws AuthSessionsError `ERR_NOT_SIGNED_IN`, `ERR_APPLICATION_UNREACHABLE`, `ERR_SESSION_BUSY`
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
  const isKept = by.keepsUnchecked && judged.unanswered && !isEmptyState(judged.record.state);
  if (!force && !isKept) refuseUnlessSignedIn(entry, judged, by);
  await engine.whileUsing(session, async () => engine.desk.keep(entry, judged.record));
  const errors = judged.unanswered && !force ? [uncheckedError(session.name, judged.unanswered)] : [];
  return { ...describe(entry, judged, { captured, engine, context, by }), errors };
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
  { signedIn, record, notes, seen, unanswered }: JudgedState,
  { done, act, again, from }: Way,
): void {
  const isEmpty = isEmptyState(record.state);
  if (signedIn && !isEmpty) return;
  if (unanswered && !isEmpty)
    throw new AuthSessionsError(
      unanswered.code,
      {
        failed: `Session "${name}" was not ${done}: the application did not answer its check.`,
        known: unanswered.explanation.known,
        next: `Start the application, or correct its address. Then ${act}, or add --force to store it unchecked.`,
      },
      { session: name },
    );
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

/** The state is stored all the same. */
function uncheckedError(name: string, { code, explanation }: AuthSessionsError): AuthSessionsError {
  const next = `Start the application, or correct its address. Then run: npx playwright-auth-sessions check ${name}`;
  return new AuthSessionsError(code, { ...explanation, next }, { session: name });
}

interface Stored extends Pick<StoreStateOptions, 'engine' | 'context' | 'by'> {
  readonly captured: readonly StatePart[];
}

function describe(
  { session, baseURL }: SessionEntry,
  judged: JudgedState,
  { captured, engine, context, by }: Stored,
): Omit<StoredState, 'errors'> {
  const { cookies, origins } = judged.record.state.playwright;
  const { atMs } = expiryOf(judged.record, session);
  const lasts = formatDuration(Math.max(0, atMs - context.clock.nowMs()));
  const then = session.type === 'recorder' ? `${by.act} again` : 'its flow signs in';
  const checked = judged.unanswered ? 'It is checked before its next use. ' : '';
  const later = `${checked}It lasts at most ${lasts}. Then ${then}.`;
  const found = `${countOf(cookies.length, 'cookie')}, storage of ${countOf(origins.length, 'origin')}`;
  const how =
    judged.checks === 0 || judged.unanswered
      ? `not checked${judged.unanswered ? ', because the application did not answer' : ''}`
      : `${judged.signedIn ? 'signed in' : 'not signed in, but stored with --force,'} according to the flow's check`;
  const { style } = context;
  return {
    data: {
      session: session.name,
      baseURL: publicUrl(baseURL) ?? null,
      signedIn: judged.checks > 0 && !judged.unanswered ? judged.signedIn : null,
      expiresAt: new Date(atMs).toISOString(),
      store: engine.greeting.store,
      captured,
    },
    text: `${style.good('✓')} ${style.strong(session.name)} ${by.done}: ${how} (${found}).\n  ${later}`,
  };
}
