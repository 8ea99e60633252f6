import { createHash } from 'node:crypto';

/** A store key that is the same each time, and that nobody would take for one that could be guessed: 64 hex digits. */
export function testKey(name: string): string {
  return createHash('sha256').update(name).digest('hex');
}
