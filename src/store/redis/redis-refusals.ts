import type { RefusalStore } from '../../core/ports.js';
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
  /** Decides what is over. Default: the clock of the Redis server, which all machines share. */
  readonly serverNowMs?: (() => number) | undefined;
}

/**
 * Keeps refusals in Redis. What cannot be read as one holds like one until Redis forgets it, a day after it was
 * written at the latest.
 *
 * @throws AuthSessionsError from every method: `ERR_STORE_UNREACHABLE`, `ERR_STORE_UNWRITABLE`
 */
export function createRedisRefusals({ connection, prefix, serverNowMs }: RedisRefusalsOptions): RefusalStore {
  const keyOf = (account: string) => {
    checkEntryKey(account);
    return `${prefix}refusal:${account}`;
  };
  const given = () => serverNowMs?.() ?? '';
  return {
    async get(account) {
      const answer = await connection.run(
        scripts.getRefusalScript,
        [keyOf(account)],
        [given(), refusedTtlMs],
      );
      const [nowMs, text] = Array.isArray(answer) ? (answer as unknown[]) : [];
      if (typeof text !== 'string') return undefined;
      const refusal = parseRefusal(text);
      if (!refusal) return unreadableRefusal(Number(nowMs));
      return isInForce(refusal, Number(nowMs)) ? refusal : undefined;
    },
    async put(account, refusal) {
      const key = keyOf(account);
      // A machine whose clock is ahead would read it as over.
      const atMs = Number(await connection.run(scripts.timeScript, [key], [given()]));
      const ttlMs = Math.ceil(Math.max(1, Math.min(refusal.ttlMs, refusedTtlMs)));
      await connection.run(scripts.putRefusalScript, [key], [formatRefusal({ ...refusal, atMs }), ttlMs]);
    },
    async remove(account) {
      await connection.run(scripts.removeRefusalScript, [keyOf(account)]);
    },
  };
}
