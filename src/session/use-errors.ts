import { AuthSessionsError } from '../core/errors.js';
import type { ResourceUses } from '../core/use-store.js';
import { describeUses } from './describe-uses.js';

/** What a message says of a use. */
interface NamedUse {
  /** `session "admin"`, `an account of "customer"`. */
  readonly what: string;
  readonly session: string;
}

/** A test that holds something else waits less long: see `holdsMore`. */
export function waitedTooLong(
  { what, session }: NamedUse,
  {
    waitedMs,
    uses,
    holdsMore,
  }: { readonly waitedMs: number; readonly uses: ResourceUses; readonly holdsMore: boolean },
): AuthSessionsError {
  const holders = describeUses(uses);
  return new AuthSessionsError(
    'ERR_SESSION_IN_USE',
    {
      failed: `The test waited ${Math.round(waitedMs / 1000)} s for ${what}.`,
      known: holdsMore
        ? `${holders}. The test holds another session or account, so it waits for ${Math.round(waitedMs / 1000)} s at most.`
        : `${holders}.`,
      next: holdsMore
        ? 'Ask for several sessions in the same order in all tests, or add accounts.'
        : 'Use fewer workers, add accounts, or raise maxWaitSeconds.',
    },
    { session },
  );
}

/** A test that lost its use never goes on with another account. */
export function usePassedOn(
  { what, session, slot }: NamedUse & { readonly slot: number },
  uses: ResourceUses,
): AuthSessionsError {
  const holder = uses.held.filter((one) => one.slot === slot);
  const who = holder.length > 0 ? `${describeUses({ ...uses, held: holder, waiting: [] })}. ` : '';
  return new AuthSessionsError(
    'ERR_LEASE_LOST',
    {
      failed: `The test lost its use of ${what}.`,
      known: `${who}The process that renewed the use was suspended or killed, or could not reach the session store.`,
      next: 'Check the connection to the session store, and run again.',
    },
    { session },
  );
}

export function useEnded({ what, session }: NamedUse): AuthSessionsError {
  return new AuthSessionsError(
    'ERR_STOPPED',
    {
      failed: `The wait for ${what} was stopped.`,
      known: 'The test or the run has ended.',
      next: 'Start the run again.',
    },
    { session },
  );
}
