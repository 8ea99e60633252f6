import type { SignCountStore } from '../core/sign-count.js';
import { checkSignCounts, nextSignCounts } from './check-sign-counts.js';

/** Signature counters of one process, in memory. The test double of the other adapters. */
export function createMemorySignCounts(): SignCountStore {
  const last = new Map<string, number>();
  return {
    async reserve(passkey, range) {
      checkSignCounts(passkey, range);
      const base = nextSignCounts(last.get(passkey) ?? 0, range);
      if (base !== undefined) last.set(passkey, base + range.count);
      return Promise.resolve(base);
    },
  };
}
