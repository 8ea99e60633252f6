import { AuthSessionsError } from '../core/errors.js';
import type { MailInbox, Mailbox, WantedMessage } from '../core/mailbox.js';
import type { Clock } from '../core/ports.js';
import { untilAborted } from '../time/until-aborted.js';
import { findCodes, findLinks, isWanted } from './find-in-message.js';
import {
  mailboxSilent,
  mailboxUnreachable,
  mailMissing,
  nothingInMail,
  severalInMail,
  type WaitedFor,
} from './mail-troubles.js';
import { readMessage, type ReadMessage } from './read-message.js';

export interface WatchInboxOptions {
  readonly session: string;
  readonly inbox: MailInbox;
  /** IDs of the messages that were there when the flow began. */
  readonly before: ReadonlySet<string>;
  readonly address: string;
  readonly origin: string | undefined;
  /** For messages: `imap.example:993`. */
  readonly where: string;
  readonly maxWaitSeconds: number;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** Waits for messages to one address. A message is used once, and the newest one counts. */
export function watchInbox(options: WatchInboxOptions): Mailbox {
  const { inbox, before, clock, origin, where, session, maxWaitSeconds } = options;
  const address = options.address.toLowerCase();
  const read = new Map<string, ReadMessage>();
  const used = new Set<string>();

  /** Reads what is new. One that cannot be parsed is an unknown message. */
  async function look(): Promise<string[]> {
    const ids = (await inbox.list()).filter((id) => !before.has(id));
    for (const id of ids)
      if (!read.has(id)) {
        const source = await inbox.read(id);
        read.set(id, await readMessage(source).catch(() => unreadable));
      }
    return ids;
  }

  async function take(
    what: WaitedFor['what'],
    wanted: WantedMessage,
    find: (message: ReadMessage) => readonly string[],
  ): Promise<string> {
    const about = { session, what, maxWaitSeconds };
    const late = new AbortController();
    const done = new AbortController();
    const signal = AbortSignal.any([options.signal, late.signal]);
    clock.sleep(maxWaitSeconds * 1000, done.signal).then(
      () => late.abort(),
      () => undefined,
    );
    const state: { looked: boolean; failure: AuthSessionsError | undefined } = {
      looked: false,
      failure: undefined,
    };
    try {
      for (;;) {
        signal.throwIfAborted();
        const ids = await untilAborted(signal, look()).catch((error: unknown) => {
          signal.throwIfAborted();
          const failure = error instanceof AuthSessionsError ? error : mailboxUnreachable(where, error);
          if (failure.code !== 'ERR_MAILBOX_UNREACHABLE') throw failure;
          state.failure = failure;
          return undefined;
        });
        if (ids) {
          Object.assign(state, { looked: true, failure: undefined });
          const found = takeFrom(ids, { about, wanted, find });
          if (found !== undefined) return found;
        }
        await untilAborted(signal, nextLook(signal));
      }
    } catch (error) {
      options.signal.throwIfAborted();
      if (!late.signal.aborted) throw error;
      throw state.failure ?? (state.looked ? nothingFound(about, wanted) : mailboxSilent(where));
    } finally {
      done.abort();
    }
  }

  /** The newest message that has it. It and those before it are used up. */
  function takeFrom(ids: readonly string[], { about, wanted, find }: Search): string | undefined {
    for (const [index, id] of [...ids.entries()].reverse()) {
      const message = read.get(id);
      if (!message || used.has(id) || !isMine(message) || !isWanted(message, wanted)) continue;
      const found = find(message);
      if (found.length > 1) throw severalInMail(about, message, found.length);
      const [only] = found;
      if (only === undefined) continue;
      for (const earlier of ids.slice(0, index + 1)) used.add(earlier);
      return only;
    }
    return undefined;
  }

  async function nextLook(signal: AbortSignal): Promise<void> {
    const woken = new AbortController();
    const either = AbortSignal.any([signal, woken.signal]);
    const slept = clock.sleep(inbox.changed ? idlePollMs : pollMs, either);
    const changed = inbox.changed?.(either).catch(() => slept);
    try {
      await Promise.race(changed ? [slept, changed] : [slept]);
    } finally {
      woken.abort();
      slept.catch(() => undefined);
    }
  }

  const isMine = ({ to }: ReadMessage) => to.includes(address);

  function nothingFound(about: WaitedFor, wanted: WantedMessage): AuthSessionsError {
    const unused = [...read].filter(([id]) => !used.has(id)).map(([, message]) => message);
    const fitting = unused.filter((message) => isMine(message) && isWanted(message, wanted));
    return fitting.length > 0 ? nothingInMail(about, fitting) : mailMissing(about, unused);
  }

  return {
    code: (wanted = {}) => take('code', wanted, (message) => findCodes(message, wanted)),
    link: (wanted = {}) => take('link', wanted, (message) => findLinks(message, wanted, origin)),
  };
}

interface Search {
  readonly about: WaitedFor;
  readonly wanted: WantedMessage;
  readonly find: (message: ReadMessage) => readonly string[];
}

const unreadable: ReadMessage = { from: '', to: [], subject: '', text: '', links: [] };

const pollMs = 1000;

/** Where the server reports new mail, in case it does not. */
const idlePollMs = 5000;
