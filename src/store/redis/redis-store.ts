import { createHash, randomUUID } from 'node:crypto';
import type { HeldLease, Lease, SessionStore } from '../../core/ports.js';
import { checkEntryKey, checkTtl, isEntryKey } from '../check-store-arguments.js';
import { maxClockSkewMs } from '../lease-record.js';
import { leasePassedOn, requireLease } from '../require-lease.js';
import type { RedisConnection } from './redis-connection.js';
import * as scripts from './redis-scripts.js';

export interface RedisStoreOptions {
  readonly connection: Pick<RedisConnection, 'run'>;
  /** Begins all keys of one suite and one store key: see `redisPrefix`. */
  readonly prefix: string;
  /** How long an entry is kept after it was last written. */
  readonly entryTtlMs: number;
  /** Names one claim among all of all processes. Default: a random UUID. */
  readonly randomId?: () => string;
  /** Decides what is over. Default: the clock of the Redis server, which all machines share. */
  readonly serverNowMs?: () => number;
  /** For people. [Redis] */
  readonly description?: string;
}

export interface RedisStore extends SessionStore {
  /** For the end of a process. What a claim uses up, as a time step, stays claimed. */
  releaseAll(): Promise<void>;
}

/**
 * Keeps sealed sessions and leases in Redis, for any number of machines. A lease lasts for its whole time when its
 * holder dies: nobody can see that from another machine.
 *
 * @throws AuthSessionsError from every method: `ERR_STORE_UNREACHABLE`, `ERR_STORE_UNWRITABLE`
 */
export function createRedisStore(options: RedisStoreOptions): RedisStore {
  const { connection, prefix, entryTtlMs, randomId = randomUUID, description = 'Redis' } = options;
  const now = () => options.serverNowMs?.() ?? '';
  const entryStart = `${prefix}entry:`;
  const index = `${prefix}index`;
  const claims = new WeakMap<object, Claim>();
  const held = new Set<Lease>();

  const putUnder = async (key: string, sealed: string, under: HeldLease): Promise<boolean> => {
    const claim = claims.get(under.lease);
    if (!claim) {
      await requireLease(under);
      return putAlone(key, sealed);
    }
    if (claim.released) return false;
    const keys = [entryStart + key, index, claim.key];
    const args = [now(), sealed, entryTtlMs, claim.owner, under.ttlMs];
    return (await connection.run(scripts.putUnderScript, keys, args)) === 1;
  };
  const putAlone = async (key: string, sealed: string): Promise<boolean> =>
    (await connection.run(scripts.putScript, [entryStart + key, index], [now(), sealed, entryTtlMs])) === 1;

  return {
    description,
    async get(key) {
      checkEntryKey(key);
      const sealed = await connection.run(scripts.getScript, [entryStart + key]);
      return typeof sealed === 'string' ? sealed : undefined;
    },
    async put(key, sealed, under) {
      checkEntryKey(key);
      if (!(await (under ? putUnder(key, sealed, under) : putAlone(key, sealed)))) throw leasePassedOn();
    },
    async remove(key) {
      checkEntryKey(key);
      await connection.run(scripts.removeScript, [entryStart + key, index]);
    },
    async keys() {
      const found = await connection.run(scripts.keysScript, [index], [now()]);
      const names = Array.isArray(found) ? found.map(String) : [];
      return names
        .filter((name) => name.startsWith(entryStart))
        .map((name) => name.slice(entryStart.length))
        .filter(isEntryKey);
    },
    async tryLease(name, ttlMs, { outlivesHolder = false } = {}) {
      checkTtl(ttlMs);
      const claim = { key: `${prefix}lease:${digest(name)}`, owner: randomId(), released: false };
      const args = [now(), claim.owner, Math.ceil(ttlMs), maxClockSkewMs];
      const lease = createLease(claim, { connection, now, onRelease: () => held.delete(lease) });
      claims.set(lease, claim);
      // Before it is granted: its answer may come after the end.
      if (!outlivesHolder) held.add(lease);
      const isGranted = (await connection.run(scripts.claimScript, [claim.key], args)) === 1;
      if (isGranted) return lease;
      held.delete(lease);
      return undefined;
    },
    async releaseAll() {
      await Promise.allSettled([...held].map(async (lease) => lease.release()));
    },
  };
}

/** A claim that was given back is over here at once: an `extend` on its way must not bring it back. */
function createLease(
  claim: Claim,
  {
    connection: { run },
    now,
    onRelease,
  }: Pick<RedisStoreOptions, 'connection'> & {
    readonly now: () => number | string;
    readonly onRelease: () => void;
  },
): Lease {
  return {
    async extend(ttlMs) {
      checkTtl(ttlMs);
      if (claim.released) return false;
      return (await run(scripts.extendScript, [claim.key], [now(), claim.owner, Math.ceil(ttlMs)])) === 1;
    },
    async release() {
      if (claim.released) return;
      claim.released = true;
      onRelease();
      await run(scripts.releaseScript, [claim.key], [claim.owner]);
    },
  };
}

function digest(name: string): string {
  return createHash('sha256').update(name).digest('hex').slice(0, 40);
}

interface Claim {
  readonly key: string;
  readonly owner: string;
  released: boolean;
}
