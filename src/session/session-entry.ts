import type { DeclaredSession } from '../core/declared-session.js';
import { entryKey } from '../core/entry-key.js';
import type { Clock, SessionPlace, SessionStore } from '../core/ports.js';
import type { OpenResult, SealRejection, SessionRecord } from '../core/sealed-session.js';
import type { UnusedReason } from '../core/unused-reason.js';
import { findEarlier } from './find-earlier.js';

/** A session at one place, and its stored state. */
export interface SessionEntry {
  readonly session: DeclaredSession;
  readonly place: SessionPlace;
  /** The session's base URL, or else the place's. */
  readonly baseURL: string | undefined;
  /** Key in the store. */
  readonly key: string;
  readonly record: SessionRecord | undefined;
  /** Why the stored entry is not used. */
  readonly rejection: SealRejection | undefined;
  /** Why an entry is not used that an earlier version of the session has left. */
  readonly earlier?: UnusedReason | undefined;
}

export interface ReadOptions {
  readonly store: Pick<SessionStore, 'get' | 'keys'>;
  readonly clock: Clock;
  readonly open: (sealed: string, entryKey: string) => Promise<OpenResult>;
  /** Called with every opened state before it is used. */
  readonly onState: (record: SessionRecord) => void;
}

/** One entry per session and base URL. Only reads the store. */
export async function readEntries(
  sessions: Iterable<DeclaredSession>,
  places: readonly SessionPlace[],
  options: ReadOptions,
): Promise<readonly SessionEntry[]> {
  const wanted = [...sessions].flatMap((session) =>
    distinct(places.map((place) => ({ session, place, baseURL: session.baseURL ?? place.baseURL }))),
  );
  let keys: Promise<readonly string[]> | undefined;
  const listed = {
    get: (key: string) => options.store.get(key),
    keys: () => (keys ??= options.store.keys()),
  };
  return Promise.all(
    wanted.map(async (one) => {
      const entry = await readEntry(one, options);
      if (entry.record || entry.rejection || one.session.type === 'runtime') return entry;
      const { open, clock } = options;
      return { ...entry, earlier: await findEarlier(entry, { store: listed, open, nowMs: clock.nowMs() }) };
    }),
  );
}

/** Looks a session up in the store. */
export async function readEntry(
  { session, place, baseURL }: Wanted,
  { store, open, onState }: Omit<ReadOptions, 'clock'>,
): Promise<SessionEntry> {
  const key = entryKey(session, baseURL);
  const sealed = session.type === 'runtime' ? undefined : await store.get(key);
  const opened = sealed === undefined ? undefined : await open(sealed, key);
  if (opened?.ok) onState(opened.record);
  return {
    session,
    place,
    baseURL,
    key,
    record: opened?.ok ? opened.record : undefined,
    rejection: opened && !opened.ok ? opened.reason : undefined,
  };
}

/** What the flow's check needs of an entry. */
export function requestOf({ key, session, place }: SessionEntry) {
  return { key, session, place, credentials: () => Promise.reject(new TypeError('a check never signs in')) };
}

type Wanted = Pick<SessionEntry, 'session' | 'place' | 'baseURL'>;

/** A session with its own base URL is the same at every place. */
function distinct(wanted: readonly Wanted[]): Wanted[] {
  return wanted.filter((one, index) => wanted.findIndex(({ baseURL }) => baseURL === one.baseURL) === index);
}
