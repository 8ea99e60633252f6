import type { DeclaredSession } from '../core/declared-session.js';
import { entryKey } from '../core/entry-key.js';
import type { SessionPlace, SessionStore } from '../core/ports.js';

/** The other sessions without a stored state: their values are read in the same request. */
export async function sessionsWithoutState(
  asked: DeclaredSession,
  {
    sessions,
    store,
    place,
  }: {
    readonly sessions: ReadonlyMap<string, DeclaredSession>;
    readonly store: SessionStore;
    readonly place: SessionPlace;
  },
): Promise<DeclaredSession[]> {
  const others = [...sessions.values()].filter((one) => one !== asked && one.type === 'credentials');
  const stored = await Promise.all(
    others.map((one) => store.get(entryKey(one, one.baseURL ?? place.baseURL))),
  );
  return others.filter((_, index) => stored[index] === undefined);
}
