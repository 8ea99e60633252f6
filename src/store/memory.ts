import type { Clock, Lease, SessionStore } from '../core/ports.js';
import { checkEntryKey, checkTtl } from './port-arguments.js';

/** A session store for one process and no longer than it lives: the test double of all the others. */
export function createMemoryStore({ clock }: { readonly clock: Clock }): SessionStore {
  const entries = new Map<string, string>();
  const claims = new Map<string, Claim>();
  return {
    description: 'memory',
    async get(key) {
      checkEntryKey(key);
      return Promise.resolve(entries.get(key));
    },
    async put(key, sealed) {
      checkEntryKey(key);
      entries.set(key, sealed);
      return Promise.resolve();
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
      if (current && clock.nowMs() < current.expiresAtMs) return Promise.resolve(undefined);
      const claim = { expiresAtMs: clock.nowMs() + ttlMs };
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
      if (held) claim.expiresAtMs = clock.nowMs() + ttlMs;
      return Promise.resolve(held);
    },
    async release() {
      if (claims.get(name) === claim) claims.delete(name);
      return Promise.resolve();
    },
  };
}

interface Claim {
  expiresAtMs: number;
}
