import { isSignCount, maxSignCount } from '../core/sign-count.js';
import { checkEntryKey } from './check-store-arguments.js';

export interface SignCountRange {
  readonly after: number;
  readonly count: number;
}

export function checkSignCounts(passkey: string, { after, count }: SignCountRange): void {
  checkEntryKey(passkey);
  if (isSignCount(after) && isSignCount(count) && count > 0) return;
  throw new TypeError(`Signature counters are unsigned 32-bit integers: ${count} after ${after}.`);
}

/** Where the reserved counters begin, after the last one that was ever reserved. `undefined` if fewer are left. */
export function nextSignCounts(last: number, { after, count }: SignCountRange): number | undefined {
  const base = Math.max(last, after);
  return base + count > maxSignCount ? undefined : base;
}

/** A counter outlives the states that need it. */
export const signCountKeptMs = 400 * 24 * 60 * 60_000;
