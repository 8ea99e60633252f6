import { createHash } from 'node:crypto';
import * as v from 'valibot';
import type { ResourceUses, UseStore } from '../../core/ports.js';
import { checkTtl } from '../check-store-arguments.js';
import { checkClaim, checkResource } from '../check-use-arguments.js';
import { maxClockSkewMs } from '../lease-record.js';
import { holderSchema } from '../use-queue.js';
import type { RedisConnection } from './redis-connection.js';
import { keysScript } from './redis-scripts.js';
import * as scripts from './redis-use-scripts.js';

export interface RedisUsesOptions {
  readonly connection: Pick<RedisConnection, 'run'>;
  readonly prefix: string;
  /** Decides what is over. Default: the clock of the Redis server, which all machines share. */
  readonly serverNowMs?: () => number;
}

/**
 * Keeps uses in Redis, for any number of machines. A use lasts for its whole time when its holder dies: nobody can see
 * that from another machine.
 *
 * @throws AuthSessionsError from every method: `ERR_STORE_UNREACHABLE`, `ERR_STORE_UNWRITABLE`
 */
export function createRedisUses({ connection: { run }, prefix, serverNowMs }: RedisUsesOptions): UseStore {
  const now = () => serverNowMs?.() ?? '';
  const index = `${prefix}uses-index`;
  const keyOf = (resource: string) => {
    checkResource(resource);
    return `${prefix}uses:${createHash('sha256').update(resource).digest('hex').slice(0, 40)}`;
  };
  return {
    async claim(resource, claim) {
      checkClaim(claim);
      const { ticket, holder, slots, ttlMs, waitTtlMs, preferredSlot = 0 } = claim;
      const limits = [slots, Math.ceil(ttlMs), Math.ceil(waitTtlMs), preferredSlot, maxClockSkewMs];
      const args = [now(), resource, ticket, JSON.stringify(holder), ...limits];
      const answer = await run(scripts.claimUseScript, [keyOf(resource), index], args);
      const [slot, second, nowMs, text] = Array.isArray(answer) ? (answer as unknown[]) : [];
      if (Number(slot) > 0) return { slot: Number(slot), sinceMs: Number(second) };
      const uses = parseUses(text, Number(nowMs)) ?? {
        resource,
        slots,
        held: [],
        waiting: [],
        nowMs: Number(nowMs),
      };
      return { position: Number(second), uses };
    },
    async extend(resource, ticket, ttlMs) {
      checkTtl(ttlMs);
      const args = [now(), ticket, Math.ceil(ttlMs)];
      return (await run(scripts.extendUseScript, [keyOf(resource), index], args)) === 1;
    },
    async release(resource, ticket) {
      await run(scripts.releaseUseScript, [keyOf(resource), index], [now(), ticket]);
    },
    async read(resource) {
      const found = resource === undefined ? await run(keysScript, [index], [now()]) : [keyOf(resource)];
      if (!Array.isArray(found) || found.length === 0) return [];
      const answer = await run(scripts.readUsesScript, found.map(String), [now()]);
      const [nowMs, ...texts] = Array.isArray(answer) ? (answer as unknown[]) : [];
      return texts.flatMap((text) => parseUses(text, Number(nowMs)) ?? []).filter(isInUse);
    },
  };
}

/** `undefined` where nothing is, or something else. */
function parseUses(text: unknown, nowMs: number): ResourceUses | undefined {
  if (typeof text !== 'string' || text === '') return undefined;
  try {
    const { resource, slots, held, waiting } = v.parse(usesSchema, JSON.parse(text));
    const isLive = (one: { until: number; ttl: number }) =>
      one.until > nowMs && one.until - nowMs <= one.ttl + maxClockSkewMs;
    return {
      resource,
      slots,
      held: held
        .filter(isLive)
        .map(({ holder, since, slot, until }) => ({ holder, sinceMs: since, slot, untilMs: until }))
        .sort((one, other) => one.slot - other.slot),
      waiting: waiting.filter(isLive).map(({ holder, since }) => ({ holder, sinceMs: since })),
      nowMs,
    };
  } catch {
    return undefined;
  }
}

function isInUse({ held, waiting }: ResourceUses): boolean {
  return held.length + waiting.length > 0;
}

const holder = v.pipe(v.string(), v.parseJson(), holderSchema);
/** As far as a Date goes. */
const moment = v.pipe(v.number(), v.minValue(0), v.maxValue(8.64e15));
const entries = v.union([
  v.array(v.object({ slot: v.number(), holder, since: moment, until: moment, ttl: moment })),
  v.pipe(
    v.strictObject({}),
    v.transform(() => []),
  ),
]);
const usesSchema = v.object({ resource: v.string(), slots: v.number(), held: entries, waiting: entries });
