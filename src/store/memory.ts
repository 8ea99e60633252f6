import type { Clock, Lease, SessionStore } from '../core/ports.js';
import { maxClockSkewMs } from './lease-record.js';
import { checkEntryKey, checkTtl } from './port-arguments.js';
import { requireLease } from './require-lease.js';

/** A session store of one process, in memory. The test double of the other adapters. */
export function createMemoryStore({ clock }: { readonly clock: Clock }): SessionStore {
  const entries = new Map<string, string>();
  const claims = new Map<string, Claim>();
  return {
    description: 'memory',
    async get(key) {
      checkEntryKey(key);
      return Promise.resolve(entries.get(key));
    },
    async put(key, sealed, under) {
      checkEntryKey(key);
      await requireLease(under);
      entries.set(key, sealed);
    },
    async remove(key) {
      checkEntryKey(key);
      entries.delete(key);
      return Promise.resolve();
    },
    keys: () => Promise.resolve([...entries.keys()]),
    async tryLease(name, ttlMs) {
      checkTtl(ttlMs);
      const current = claims.get(name);
      if (current && isHeld(current, clock.nowMs())) return Promise.resolve(undefined);
      const claim = { ttlMs, expiresAtMs: clock.nowMs() + ttlMs };
      claims.set(name, claim);
      return Promise.resolve(createLease(claims, { name, claim, clock }));
    },
  };
}

function createLease(
  claims: Map<string, Claim>,
  { name, claim, clock }: { name: string; claim: Claim; clock: Clock },
): Lease {
  return {
    async extend(ttlMs) {
      checkTtl(ttlMs);
      const held = claims.get(name) === claim;
      if (held) Object.assign(claim, { ttlMs, expiresAtMs: clock.nowMs() + ttlMs });
      return Promise.resolve(held);
    },
    async release() {
      if (claims.get(name) === claim) claims.delete(name);
      return Promise.resolve();
    },
  };
}

/** An end further ahead than the claim's length was set before the clock was set back. */
function isHeld({ ttlMs, expiresAtMs }: Claim, nowMs: number): boolean {
  return nowMs < expiresAtMs && expiresAtMs - nowMs <= ttlMs + maxClockSkewMs;
}

interface Claim {
  ttlMs: number;
  expiresAtMs: number;
}
