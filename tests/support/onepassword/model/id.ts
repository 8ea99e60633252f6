import { randomBytes } from 'node:crypto';

/** A new id as 1Password makes them: 16 bytes in unpadded lower-case base32, its two spare bits zero. */
export function createId(): string {
  return formatBase32(randomBytes(16));
}

/** An id that a caller chose. @throws TypeError when the SDK would not take it */
export function checkId(id: string): string {
  if (!ID.test(id))
    throw new TypeError(`"${id}" is not an id: 26 characters of a-z and 2-7, the last one of "aeimquy4".`);
  return id;
}

/** RFC 4648 base32, lower case, without padding. */
export function formatBase32(bytes: Uint8Array): string {
  const bits = Array.from(bytes, (byte) => byte.toString(2).padStart(8, '0')).join('');
  const groups = bits.match(/.{1,5}/g) ?? [];
  return groups.map((group) => ALPHABET[Number.parseInt(group.padEnd(5, '0'), 2)]).join('');
}

const ID = /^[a-z2-7]{25}[aeimquy4]$/;
const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567';
