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
  /** Whether it is asked over a network without TLS; not known of a client that the project makes. */
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
    evictionPolicy: await readPolicy(connection),
  };
}

async function readPolicy(connection: Pick<RedisConnection, 'run'>): Promise<string | undefined> {
  try {
    const memory = await connection.run("return redis.call('INFO', 'memory')", []);
    return /^maxmemory_policy:([\w-]+)/m.exec(String(memory))?.[1];
  } catch (error) {
    if (error instanceof AuthSessionsError && error.code === 'ERR_STORE_UNWRITABLE') return undefined;
    throw error;
  }
}
