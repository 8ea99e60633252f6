import { poolsOf } from '../../core/declared-session.js';
import { isThere } from '../terminal/maybe.js';
import { ok, warning, type Check } from './finding.js';

/** Whether tests will wait for accounts in each run. */
export const pools: Check = {
  id: 'pools',
  examine({ sessions, description }) {
    if (!isThere(sessions) || !isThere(description)) return [];
    const { workers } = description.is;
    return poolsOf(sessions.is.sessions.values()).map(({ name, accounts }) =>
      accounts >= workers
        ? ok(`Pool: "${name}" has ${accounts} accounts for ${workers} workers`)
        : warning(
            `The pool "${name}" has ${accounts} accounts for ${workers} workers.`,
            `Add accounts, or run it with workers: ${accounts}. Each shard needs accounts for its own workers.`,
            'The other workers wait for an account.',
          ),
    );
  },
};
