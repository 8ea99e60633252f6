import type { Clock, RefusalStore } from '../core/ports.js';
import { isInForce, type Refusal } from '../core/refusal.js';
import { checkEntryKey } from './port-arguments.js';

/** Rejections of one process, in memory. The test double of the other adapters. */
export function createMemoryRefusals({ clock }: { readonly clock: Clock }): RefusalStore {
  const refusals = new Map<string, Refusal>();
  return {
    async get(account) {
      checkEntryKey(account);
      const refusal = refusals.get(account);
      return Promise.resolve(refusal && isInForce(refusal, clock.nowMs()) ? refusal : undefined);
    },
    async put(account, refusal) {
      checkEntryKey(account);
      refusals.set(account, refusal);
      return Promise.resolve();
    },
    async remove(account) {
      checkEntryKey(account);
      refusals.delete(account);
      return Promise.resolve();
    },
  };
}
