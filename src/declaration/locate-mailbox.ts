import path from 'node:path';
import type { DeclaredSession } from '../core/declared-session.js';

/** The session with the files of its mailbox by their whole paths. They are relative to the sessions file. */
export function locateMailbox(session: DeclaredSession, sessionsFile: string): DeclaredSession {
  const { mailbox } = session;
  if (!mailbox || 'open' in mailbox.options || mailbox.options.caFile === undefined) return session;
  const caFile = path.resolve(path.dirname(sessionsFile), mailbox.options.caFile);
  return { ...session, mailbox: { ...mailbox, options: { ...mailbox.options, caFile } } };
}
