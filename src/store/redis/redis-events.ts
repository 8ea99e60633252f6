import { randomUUID } from 'node:crypto';
import * as v from 'valibot';
import type { EventStore } from '../../core/ports.js';
import { sessionOutcomes } from '../../core/session-event.js';
import type { RedisConnection } from './redis-connection.js';
import { addEventScript, readEventsScript } from './redis-scripts.js';

export interface RedisEventsOptions {
  readonly connection: Pick<RedisConnection, 'run'>;
  readonly prefix: string;
  /** Decides what is old. Default: the clock of the Redis server, which all machines share. */
  readonly serverNowMs?: () => number;
}

/**
 * Keeps events in Redis for a day. What cannot be read is left out: it is for people only.
 *
 * @throws AuthSessionsError from every method: `ERR_STORE_UNREACHABLE`, `ERR_STORE_UNWRITABLE`
 */
export function createRedisEvents({ connection, prefix, serverNowMs }: RedisEventsOptions): EventStore {
  const key = `${prefix}events`;
  const now = () => serverNowMs?.() ?? '';
  return {
    async add(event) {
      // An ID keeps equal events apart, and a repeated command from adding one twice.
      await connection.run(
        addEventScript,
        [key],
        [now(), JSON.stringify({ ...event, id: randomUUID() }), keptMs],
      );
    },
    async read(forMs) {
      const found = await connection.run(
        readEventsScript,
        [key],
        [now(), Math.ceil(Math.min(forMs, keptMs))],
      );
      return Array.isArray(found) ? pairsOf(found).flatMap(parseEvent) : [];
    },
  };
}

/** Members and their scores take turns. */
function pairsOf(found: readonly unknown[]): readonly (readonly [unknown, unknown])[] {
  return found.flatMap((one, index) => (index % 2 === 0 ? [[one, found[index + 1]] as const] : []));
}

function parseEvent([text, score]: readonly [unknown, unknown]) {
  const { success, output } = v.safeParse(eventSchema, text);
  const { baseURL, errorCode } = success ? output : {};
  return success ? [{ ...output, baseURL, errorCode, atMs: Number(score) }] : [];
}

const eventSchema = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({
    machine: v.string(),
    session: v.string(),
    baseURL: v.optional(v.string()),
    outcome: v.picklist(sessionOutcomes),
    durationMs: v.number(),
    signIns: v.number(),
    errorCode: v.optional(v.string()),
  }),
);

const keptMs = 24 * 60 * 60_000;
