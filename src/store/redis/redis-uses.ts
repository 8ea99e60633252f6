import { createHash } from 'node:crypto';
import * as v from 'valibot';
import { AuthSessionsError } from '../../core/errors.js';
import type { ResourceUses, UseStore } from '../../core/use-store.js';
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
  /** Runs a script that changes who uses one resource. */
  const change = async (script: string, resource: string, args: readonly (string | number)[]) => {
    const key = keyOf(resource);
    const answer = await run(script, [key, index], [now(), ...args]);
    if (answer === 'damaged') throw damaged(key);
    return answer;
  };
  return {
    async claim(resource, claim) {
      checkClaim(claim);
      const { ticket, holder, slots, ttlMs, waitTtlMs, preferredSlot = 0, onlySlot = 0 } = claim;
      const limits = [slots, Math.ceil(ttlMs), Math.ceil(waitTtlMs), preferredSlot, maxClockSkewMs, onlySlot];
      const args = [resource, ticket, JSON.stringify(holder), ...limits];
      const answer = await change(scripts.claimUseScript, resource, args);
      const [slot, second, nowMs, text] = Array.isArray(answer) ? (answer as unknown[]) : [];
      if (Number(slot) > 0) return { slot: Number(slot), sinceMs: Number(second) };
      const uses = parseUses(text, Number(nowMs));
      if (!uses) throw damaged(keyOf(resource));
      return { position: Number(second), uses };
    },
    async extend(resource, ticket, ttlMs) {
      checkTtl(ttlMs);
      return (await change(scripts.extendUseScript, resource, [ticket, Math.ceil(ttlMs)])) === 1;
    },
    async release(resource, ticket) {
      await change(scripts.releaseUseScript, resource, [ticket]);
    },
    async read(resource) {
      const found = resource === undefined ? await run(keysScript, [index], [now()]) : [keyOf(resource)];
      if (!Array.isArray(found) || found.length === 0) return [];
      const keys = found.map(String);
      const answer = await run(scripts.readUsesScript, keys, [now()]);
      const [nowMs, ...texts] = Array.isArray(answer) ? (answer as unknown[]) : [];
      const all = texts.flatMap((text, index) => {
        if (text === '') return [];
        const uses = parseUses(text, Number(nowMs));
        if (!uses) throw damaged(keys[index] ?? '');
        return uses;
      });
      return all.filter(isInUse);
    },
  };
}

/** `undefined` if it was altered. */
function parseUses(text: unknown, nowMs: number): ResourceUses | undefined {
  if (typeof text !== 'string') return undefined;
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

/** Nobody knows who holds what, so nobody gets anything. */
function damaged(key: string): AuthSessionsError {
  return new AuthSessionsError('ERR_STORE_UNWRITABLE', {
    failed: `The entry "${key}" in the session store (Redis) cannot be read.`,
    known: 'It says who uses an account or an exclusive session, and was altered.',
    next: 'End all runs that use this store, and delete the entry.',
  });
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
