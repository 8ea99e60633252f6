import type { DeclaredSession } from '../core/declared-session.js';
import { AuthSessionsError } from '../core/errors.js';
import type { SessionPlace } from '../core/ports.js';
import { listEntry, type ListEntryOptions } from '../session/listed-session.js';
import { needsPerson } from '../session/needs-person.js';
import type { SessionDesk } from '../session/session-desk.js';
import type { SessionEntry } from '../session/session-entry.js';
import type { BrokerRequests } from '../wire/messages.js';
import type { StartMessage } from '../wire/runner-messages.js';
import type { AccountUses } from './account-uses.js';
import type { BrokerHandlers, StoredSessionPath } from './handlers-by-path.js';
import { findSession } from './find-session.js';

export interface StoredSessionHandlersOptions extends Omit<ListEntryOptions, 'nowMs'> {
  readonly sessions: ReadonlyMap<string, DeclaredSession>;
  readonly desk: Pick<SessionDesk, 'entries' | 'check' | 'retire'>;
  readonly accountUses: Pick<AccountUses, 'whileUsing'>;
  readonly plans: StartMessage['plans'];
  readonly nowMs: () => number;
}

/** What scripts can request of stored sessions, besides using them. */
export function createStoredSessionHandlers(
  options: StoredSessionHandlersOptions,
): Pick<BrokerHandlers, StoredSessionPath> {
  const { sessions, desk, accountUses, plans, nowMs } = options;

  async function entryOf({ session, place }: BrokerRequests['/check']['request']): Promise<SessionEntry> {
    findSession(sessions, session);
    const entry = (await desk.entries([place])).find((one) => one.session.name === session);
    if (!entry) throw new TypeError('a declared session has an entry at each place');
    return entry;
  }

  return {
    async '/projects'() {
      const projects = Object.entries(plans).map(([name, plan]) => {
        const { browserName, launchOptions, connectOptions, contextOptions, baseURL } = plan;
        return { name, baseURL, browserName, launchOptions, connectOptions, contextOptions };
      });
      return Promise.resolve({ projects });
    },
    async '/list'({ places }) {
      const entries = await desk.entries(atLeastOne(places));
      return { sessions: entries.map((entry) => listEntry(entry, { ...options, nowMs: nowMs() })) };
    },
    async '/check'(message) {
      const entry = await entryOf(message);
      if (!entry.record) return { state: 'not stored', by: undefined, notes: [] };
      // A check may replace the state, so nobody else may use a session meanwhile that only one may.
      const { signedIn, checks, notes } = await accountUses.whileUsing(entry.session, async () =>
        desk.check(entry),
      );
      return {
        state: signedIn ? 'signed in' : 'signed out',
        by: checks > 0 ? 'check' : 'age',
        notes,
      };
    },
    async '/stored'(message) {
      const { key, record } = await entryOf(message);
      return record ? { stored: { key, id: record.id } } : {};
    },
    async '/retire'(message) {
      const entry = await entryOf(message);
      const { type, name } = entry.session;
      if (type === 'recorder') throw needsPerson(name);
      if (type === 'runtime') throw neverStored(name);
      desk.retire(entry);
      return {};
    },
  };
}

/** Without a base URL, sessions that set none are still listed. */
function atLeastOne(places: readonly SessionPlace[]): readonly SessionPlace[] {
  return places.length > 0 ? places : [{ baseURL: undefined, project: undefined }];
}

function neverStored(session: string): AuthSessionsError {
  return new AuthSessionsError(
    'ERR_SESSION_TYPE',
    {
      failed: `Session "${session}" cannot be renewed.`,
      known: 'It is of type runtime, which is never stored.',
      next: 'Ask for it with its parameters: it signs in once in each run.',
    },
    { session },
  );
}
