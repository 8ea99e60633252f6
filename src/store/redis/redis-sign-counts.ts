import { AuthSessionsError } from '../../core/errors.js';
import { maxSignCount, type SignCountStore } from '../../core/sign-count.js';
import { checkSignCounts, signCountKeptMs } from '../check-sign-counts.js';
import type { RedisConnection } from './redis-connection.js';

export interface RedisSignCountsOptions {
  readonly connection: Pick<RedisConnection, 'run'>;
  readonly prefix: string;
  /** How long an entry is kept: a counter outlives the states that need it. */
  readonly entryTtlMs: number;
}

/**
 * Keeps the last reserved counter of each passkey in Redis, for any number of machines. What cannot be read is an error
 * and not a zero.
 *
 * @throws AuthSessionsError `ERR_STORE_UNREACHABLE`, `ERR_STORE_UNWRITABLE`
 */
export function createRedisSignCounts(options: RedisSignCountsOptions): SignCountStore {
  const { connection, prefix, entryTtlMs } = options;
  return {
    async reserve(passkey, range) {
      checkSignCounts(passkey, range);
      const key = `${prefix}sign-count:${passkey}`;
      const args = [range.after, range.count, maxSignCount, Math.max(2 * entryTtlMs, signCountKeptMs)];
      const answer = await connection.run(reserveScript, [key], args);
      if (typeof answer !== 'number') throw damaged(key);
      return answer < 0 ? undefined : answer;
    },
  };
}

/** KEYS count; ARGV after, count, max, ttlMs. Run twice, it wastes one range. */
const reserveScript = `local text = redis.call('GET', KEYS[1])
local last = text and tonumber(text) or 0
if text and not string.match(text, '^%d+$') then return 'damaged' end
local base = math.max(last, tonumber(ARGV[1]))
local reserved = base + tonumber(ARGV[2])
if reserved > tonumber(ARGV[3]) then return -1 end
redis.call('SET', KEYS[1], string.format('%.0f', reserved), 'PX', ARGV[4])
return base`;

function damaged(key: string): AuthSessionsError {
  return new AuthSessionsError('ERR_STORE_UNWRITABLE', {
    failed: `The entry "${key}" in the session store (Redis) cannot be read.`,
    known: 'It contains the signature counter of a passkey, and was altered.',
    next: 'Remove the session that has the passkey, delete the entry, and run again.',
  });
}
