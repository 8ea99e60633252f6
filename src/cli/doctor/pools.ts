import { poolsOf } from '../../core/pool-account.js';
import { isThere } from '../terminal/maybe.js';
import { ok, warning, type Check } from './finding.js';

/** Whether tests will wait for accounts in each run. */
export const pools: Check = {
  id: 'pools',
  examine({ sessions, description }) {
    if (!isThere(sessions) || !isThere(description)) return [];
    const { workers, shards } = description.is;
    const all = workers * shards;
    const users = `${all} workers${shards > 1 ? ` of ${shards} shards` : ''}`;
    return poolsOf(sessions.is.sessions.values()).map(({ name, accounts }) =>
      accounts >= all
        ? ok(`Pool: "${name}" has ${accounts} accounts for ${users}`)
        : warning(
            `The pool "${name}" has ${accounts} accounts for ${users}.`,
            `Add accounts, or use ${accounts} workers in all. Shards need accounts for the workers of all of them.`,
            'The other workers wait for an account.',
          ),
    );
  },
};
