import { withoutCredentials } from '../../core/without-credentials.js';
import type { SessionEntry } from '../../session/session-entry.js';
import type { SessionHandle, UsableSession } from '../../wire/messages.js';
import type { FoundSuite } from '../suite/find-suite.js';
import type { CommandContext } from '../terminal/command-context.js';
import { chooseEntry } from './choose-entries.js';
import type { Engine } from './with-engine.js';

export interface AcquiredEntry {
  readonly entry: SessionEntry;
  readonly session: SessionHandle & UsableSession;
}

/**
 * Acquires a session: from the store if the state is valid, or else by signing in.
 *
 * @throws AuthSessionsError `ERR_SESSION_UNKNOWN`, `ERR_ENVIRONMENT_MISSING`, and what a sign-in throws
 */
export async function acquireOne(
  name: string,
  { suite, engine, context }: { suite: FoundSuite; engine: Engine; context: CommandContext },
): Promise<AcquiredEntry> {
  const entry = await chooseEntry(name, suite, engine);
  const answer = await context.progress.during(name, () =>
    engine.handlers['/acquire']({ session: name, place: entry.place }),
  );
  if (!('skip' in answer)) return { entry, session: answer };
  throw withoutCredentials(name, answer.skip);
}
