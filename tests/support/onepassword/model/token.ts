import { randomBytes } from 'node:crypto';
import { formatSymmetricKey } from '../crypto/envelope.js';
import type { SymmetricKey } from '../crypto/envelope.js';
import { createId } from './id.js';

/** What a service account token says to the SDK. Only email, key id and device leave with requests. */
export interface TokenContents {
  readonly signInAddress: string;
  readonly email: string;
  /** 64 hex digits: the SRP password, ready derived. */
  readonly srpX: string;
  readonly secretKey: string;
  readonly deviceUuid: string;
  /** The JSON Web Key that the key set is sealed under. */
  readonly muk: Record<string, unknown>;
  readonly userAuth: UserAuth;
  readonly throttleSecret?: { readonly seed: string; readonly uuid: string };
}

export interface UserAuth {
  readonly method: 'SRPg-4096';
  readonly alg: 'PBES2g-HS256';
  readonly iterations: number;
  readonly salt: string;
}

/** A new identity's secrets; no key derivation runs for a service account, the results are in the token. */
export function createTokenContents(signInAddress: string, tokenKey: SymmetricKey): TokenContents {
  return {
    signInAddress,
    email: `${createId()}@1passwordserviceaccounts.com`,
    srpX: randomBytes(32).toString('hex'),
    secretKey: createSecretKey(),
    deviceUuid: createId(),
    muk: formatSymmetricKey(tokenKey),
    userAuth: {
      method: 'SRPg-4096',
      alg: 'PBES2g-HS256',
      iterations: 650_000,
      salt: randomBytes(16).toString('base64url'),
    },
    throttleSecret: { seed: randomBytes(32).toString('hex'), uuid: createId() },
  };
}

export function formatToken(contents: TokenContents): string {
  return `ops_${Buffer.from(JSON.stringify(contents)).toString('base64url')}`;
}

/** The contents of a token that this server made. */
export function parseToken(token: string): TokenContents {
  return JSON.parse(Buffer.from(token.slice('ops_'.length), 'base64url').toString()) as TokenContents;
}

/** The second group of the secret key names it, and is not secret. */
export function secretKeyId({ secretKey }: TokenContents): string {
  return secretKey.split('-')[1] ?? '';
}

function createSecretKey(): string {
  const letters = Array.from(randomBytes(32), (byte) => KEY_LETTERS[byte % KEY_LETTERS.length]).join('');
  const groups = [6, 6, 5, 5, 5, 5].map((length, index, lengths) => {
    const start = lengths.slice(0, index).reduce((sum, each) => sum + each, 0);
    return letters.slice(start, start + length);
  });
  return ['A3', ...groups].join('-');
}

/** No letter that looks like another; the SDK takes no others. */
const KEY_LETTERS = '23456789ABCDEFGHJKLMNPQRSTVWXYZ';
