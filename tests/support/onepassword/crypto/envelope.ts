import { constants, createCipheriv, createDecipheriv, publicEncrypt, randomBytes } from 'node:crypto';
import type { KeyObject } from 'node:crypto';

/** Encrypted JSON as 1Password sends and stores it. */
export interface Envelope {
  readonly kid: string;
  readonly enc: 'A256GCM' | 'RSA-OAEP';
  readonly cty: 'b5+jwk+json';
  readonly iv?: string;
  readonly data: string;
}

export interface SymmetricKey {
  readonly kid: string;
  readonly bytes: Buffer;
}

export interface PublicKey {
  readonly kid: string;
  readonly key: KeyObject;
}

export function createSymmetricKey(kid: string): SymmetricKey {
  return { kid, bytes: randomBytes(32) };
}

/** JSON, sealed under a key that both sides have: AES-256-GCM with the tag at the end. */
export function seal(value: unknown, key: SymmetricKey): Envelope {
  const iv = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key.bytes, iv);
  const data = Buffer.concat([cipher.update(JSON.stringify(value)), cipher.final(), cipher.getAuthTag()]);
  return {
    kid: key.kid,
    enc: 'A256GCM',
    cty: 'b5+jwk+json',
    iv: iv.toString('base64url'),
    data: data.toString('base64url'),
  };
}

/** The JSON in an envelope. @throws Error when it was altered, or sealed under another key */
export function open(envelope: Envelope, key: SymmetricKey): unknown {
  if (envelope.kid !== key.kid) throw new Error(`Envelope of key "${envelope.kid}", not "${key.kid}"`);
  const data = Buffer.from(envelope.data, 'base64url');
  const decipher = createDecipheriv('aes-256-gcm', key.bytes, Buffer.from(envelope.iv ?? '', 'base64url'));
  decipher.setAuthTag(data.subarray(-TAG_BYTES));
  const plain = Buffer.concat([decipher.update(data.subarray(0, -TAG_BYTES)), decipher.final()]);
  return JSON.parse(plain.toString('utf8'));
}

/** JSON for the holder of a private key alone: RSA-OAEP with SHA-1 (RFC 7518, 4.3). */
export function sealFor(value: unknown, { kid, key }: PublicKey): Envelope {
  const padded = { key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha1' };
  const data = publicEncrypt(padded, Buffer.from(JSON.stringify(value))).toString('base64url');
  return { kid, enc: 'RSA-OAEP', cty: 'b5+jwk+json', data };
}

/** The JSON Web Key (RFC 7517) in which a symmetric key travels. */
export function formatSymmetricKey({ kid, bytes }: SymmetricKey): Record<string, unknown> {
  return {
    alg: 'A256GCM',
    ext: true,
    k: bytes.toString('base64url'),
    key_ops: ['decrypt', 'encrypt'],
    kid,
    kty: 'oct',
  };
}

const TAG_BYTES = 16;
