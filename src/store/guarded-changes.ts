import { AuthSessionsError } from '../core/errors.js';
import type { Clock, Lease, SessionStore } from '../core/ports.js';
import { requireLease } from './require-lease.js';

interface Options {
  readonly store: Pick<SessionStore, 'tryLease'>;
  readonly clock: Clock;
}

/** Runs `act` while no other process changes what `name` guards. Call `before` right before each write. */
export type GuardedChange = <Result>(
  name: string,
  act: (before: () => Promise<void>) => Promise<Result>,
) => Promise<Result>;

/** Changes files of a store that several processes read and write, one after the other, each under a lease. */
export function createGuardedChanges(options: Options): GuardedChange {
  const takeTurn = createTurn();
  return async (name, act) =>
    takeTurn(name, async () => {
      const lease = await waitForLease(options, name);
      try {
        return await act(async () => requireLease({ lease, ttlMs: changeMs }));
      } finally {
        await lease.release().catch(() => undefined); // expires
      }
    });
}

async function waitForLease({ store, clock }: Options, name: string): Promise<Lease> {
  for (let waitedMs = 0; waitedMs < patienceMs; waitedMs += pauseMs) {
    const lease = await store.tryLease(name, changeMs);
    if (lease) return lease;
    await clock.sleep(pauseMs);
  }
  throw new AuthSessionsError('ERR_STORE_UNWRITABLE', {
    failed: 'Another process does not finish a change in the session store.',
    known: `It holds the lease "${name}".`,
    next: 'Run again.',
  });
}

/** One change after the other in this process, so that its requests do not compete for the lease. */
function createTurn() {
  const last = new Map<string, Promise<unknown>>();
  return async <Result>(name: string, act: () => Promise<Result>): Promise<Result> => {
    const turn = (last.get(name) ?? Promise.resolve()).then(act, act);
    const done = turn
      .catch(() => undefined)
      .then(() => {
        if (last.get(name) === done) last.delete(name);
      });
    last.set(name, done);
    return turn;
  };
}

const changeMs = 10_000;
const pauseMs = 20;
const patienceMs = 30_000;
