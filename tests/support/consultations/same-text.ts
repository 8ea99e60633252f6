import { createHash, timingSafeEqual } from 'node:crypto';

/** Compares in constant time, strings of any length. */
export function isSameText(one: string, other: string): boolean {
  return timingSafeEqual(digest(one), digest(other));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
