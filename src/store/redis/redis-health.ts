import { AuthSessionsError } from '../../core/errors.js';
import type { Clock } from '../../core/ports.js';
import type { RedisConnection } from './redis-connection.js';

/** What `doctor` says of a Redis. */
export interface RedisHealth {
  /** From a question to its answer. */
  readonly latencyMs: number;
  /** How far its clock is ahead of this machine's. */
  readonly clockAheadMs: number;
  /** What it removes when it is full; `undefined` where its user may not ask. */
  readonly evictionPolicy: string | undefined;
  /** Whether it writes each change to disk (`appendonly yes`); `undefined` where its user may not ask. */
  readonly hasAppendOnlyFile: boolean | undefined;
  /** Whether it is asked over a network without TLS; not known of a client that the suite makes. */
  readonly isInClear: boolean;
}

/** @throws AuthSessionsError `ERR_STORE_UNREACHABLE` */
export async function readHealth(
  connection: Pick<RedisConnection, 'run'>,
  clock: Pick<Clock, 'nowMs'>,
): Promise<Omit<RedisHealth, 'isInClear'>> {
  const askedAtMs = clock.nowMs();
  const time = await connection.run("return redis.call('TIME')", []);
  const latencyMs = clock.nowMs() - askedAtMs;
  const [seconds, micros] = Array.isArray(time) ? time.map(Number) : [];
  const serverMs = Number(seconds) * 1000 + Number(micros) / 1000;
  return {
    latencyMs,
    clockAheadMs: Math.round(serverMs - askedAtMs - latencyMs / 2),
    ...(await readSettings(connection)),
  };
}

async function readSettings(
  connection: Pick<RedisConnection, 'run'>,
): Promise<Pick<RedisHealth, 'evictionPolicy' | 'hasAppendOnlyFile'>> {
  try {
    const info = String(await connection.run(infoScript, []));
    const appends = /^aof_enabled:(\d)/m.exec(info)?.[1];
    return {
      evictionPolicy: /^maxmemory_policy:([\w-]+)/m.exec(info)?.[1],
      hasAppendOnlyFile: appends === undefined ? undefined : appends === '1',
    };
  } catch (error) {
    if (error instanceof AuthSessionsError && error.code === 'ERR_STORE_UNWRITABLE')
      return { evictionPolicy: undefined, hasAppendOnlyFile: undefined };
    throw error;
  }
}

/** INFO takes several sections only since Redis 7. */
const infoScript = "return redis.call('INFO', 'memory') .. redis.call('INFO', 'persistence')";
