import type { Clock, RefusalStore } from '../../core/ports.js';
import {
  formatRefusal,
  isInForce,
  parseRefusal,
  refusedTtlMs,
  unreadableRefusal,
} from '../../core/refusal.js';
import { checkEntryKey } from '../check-store-arguments.js';
import type { RedisConnection } from './redis-connection.js';
import * as scripts from './redis-scripts.js';

export interface RedisRefusalsOptions {
  readonly connection: Pick<RedisConnection, 'run'>;
  readonly prefix: string;
  readonly clock: Pick<Clock, 'nowMs'>;
}

/**
 * Keeps refusals in Redis. What cannot be read as one holds like one until Redis forgets it, a day after it was
 * written at the latest.
 *
 * @throws AuthSessionsError from every method: `ERR_STORE_UNREACHABLE`, `ERR_STORE_UNWRITABLE`
 */
export function createRedisRefusals({ connection, prefix, clock }: RedisRefusalsOptions): RefusalStore {
  const keyOf = (account: string) => {
    checkEntryKey(account);
    return `${prefix}refusal:${account}`;
  };
  return {
    async get(account) {
      const text = await connection.run(scripts.getRefusalScript, [keyOf(account)], [refusedTtlMs]);
      if (typeof text !== 'string') return undefined;
      const refusal = parseRefusal(text);
      if (!refusal) return unreadableRefusal(clock.nowMs());
      return isInForce(refusal, clock.nowMs()) ? refusal : undefined;
    },
    async put(account, refusal) {
      const args = [formatRefusal(refusal), Math.ceil(Math.max(1, Math.min(refusal.ttlMs, refusedTtlMs)))];
      await connection.run(scripts.putRefusalScript, [keyOf(account)], args);
    },
    async remove(account) {
      await connection.run(scripts.removeRefusalScript, [keyOf(account)]);
    },
  };
}
