import { randomBytes, scryptSync, timingSafeEqual } from 'node:crypto';

export interface PasswordHash {
  readonly salt: Buffer;
  readonly hash: Buffer;
}

export function hashPassword(password: string): PasswordHash {
  const salt = randomBytes(16);
  return { salt, hash: derive(password, salt) };
}

/** Synchronous, so that counting wrong passwords has no gap between the look and the count. */
export function isPassword(password: string, { salt, hash }: PasswordHash): boolean {
  return timingSafeEqual(derive(password, salt), hash);
}

function derive(password: string, salt: Buffer): Buffer {
  return scryptSync(password.normalize('NFC'), salt, 32, cheap);
}

/** A few milliseconds, for the sake of tests; OWASP asks a real site for N = 2^17. */
const cheap = { N: 1024, r: 8, p: 1 } as const;
