import type { UseClaim } from '../core/use-store.js';
import { checkTtl } from './check-store-arguments.js';

export function checkResource(resource: string): void {
  if (!/^[\w.:[\]-]{1,200}$/.test(resource))
    throw new TypeError(
      `A resource has 1 to 200 word characters, ".", ":", "-" or brackets: ${JSON.stringify(resource)}.`,
    );
}

export function checkClaim({ slots, ttlMs, waitTtlMs }: UseClaim): void {
  if (!Number.isSafeInteger(slots) || slots < 1)
    throw new TypeError(`A resource has at least one slot: ${slots}.`);
  checkTtl(ttlMs);
  checkTtl(waitTtlMs);
}
