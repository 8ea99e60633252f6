import type { Clock } from '../core/ports.js';
import type { UseStore } from '../core/use-store.js';
import { checkClaim, checkResource } from './check-use-arguments.js';
import { checkTtl } from './check-store-arguments.js';
import { claimSlot, emptyQueue, extendSlot, readQueue, releaseSlot, type UseQueue } from './use-queue.js';

/** Uses of one process, in memory. The test double of the other adapters. */
export function createMemoryUses({ clock }: { readonly clock: Pick<Clock, 'nowMs'> }): UseStore {
  const queues = new Map<string, UseQueue>();
  const queueOf = (resource: string) => {
    checkResource(resource);
    return queues.get(resource) ?? emptyQueue(resource);
  };
  return {
    async claim(resource, claim) {
      checkClaim(claim);
      const { keeper: _, ...asked } = claim;
      const { queue, answer } = claimSlot(queueOf(resource), asked, { nowMs: clock.nowMs() });
      queues.set(resource, queue);
      return Promise.resolve(answer);
    },
    async extend(resource, ticket, ttlMs) {
      checkTtl(ttlMs);
      const queue = extendSlot(queueOf(resource), { ticket, ttlMs, nowMs: clock.nowMs() });
      if (queue) queues.set(resource, queue);
      return Promise.resolve(queue !== undefined);
    },
    async release(resource, ticket) {
      queues.set(resource, releaseSlot(queueOf(resource), ticket));
      return Promise.resolve();
    },
    async read(resource) {
      const chosen = resource === undefined ? [...queues.values()] : [queueOf(resource)];
      return Promise.resolve(chosen.flatMap((queue) => readQueue(queue, { nowMs: clock.nowMs() }) ?? []));
    },
  };
}
