import { createHash, getDiffieHellman, randomBytes } from 'node:crypto';
import { formatHex, leastBytes, modularPower, parseBytes } from './big-integer.js';

/** What both sides know before they start: who signs in, with which salt. Never the password's part. */
export interface SrpIdentity {
  readonly email: string;
  /** The second group of the secret key. */
  readonly keyId: string;
  readonly salt: Buffer;
}

export interface SrpAgreement {
  /** B as 1024 hex digits: the SDK takes an even number of digits only, so one sign-in in 16 would fail unpadded. */
  readonly serverPublic: string;
  readonly sessionKey: Buffer;
  /** What a client that knows srpX sends. */
  readonly clientProof: Buffer;
  /** What the server answers, having seen the client's proof. */
  readonly serverProof: Buffer;
}

/** The verifier is all that a server keeps of srpX: v = g^srpX. */
export function createVerifier(srpX: string): bigint {
  return modularPower(GENERATOR, BigInt(`0x${srpX}`), PRIME);
}

/**
 * The server's half of SRP-6a, as 1Password speaks it: 4096-bit group 16 of RFC 3526, g = 5, SHA-256.
 * Names follow RFC 5054. The proofs are RFC 2945's.
 *
 * @returns `undefined` when A is a multiple of N, with which anybody could sign in (RFC 5054, 2.5.4)
 */
export function agree(
  identity: SrpIdentity,
  verifier: bigint,
  clientPublic: string,
): SrpAgreement | undefined {
  const A = /^[0-9a-f]+$/i.test(clientPublic) ? BigInt(`0x${clientPublic}`) : 0n;
  if (A % PRIME === 0n) return undefined;
  const b = parseBytes(randomBytes(32));
  const B = (MULTIPLIER * verifier + modularPower(GENERATOR, b, PRIME)) % PRIME;
  const u = parseBytes(hash(pad(A), pad(B)));
  const S = modularPower((A * modularPower(verifier, u, PRIME)) % PRIME, b, PRIME);
  const sessionKey = hash(Buffer.from(S.toString(16)));
  const clientProof = hash(
    xor(hash(leastBytes(PRIME)), hash(leastBytes(GENERATOR))),
    hash(Buffer.from(formatIdentity(identity))),
    identity.salt,
    leastBytes(A),
    leastBytes(B),
    sessionKey,
  );
  const serverProof = hash(leastBytes(A), clientProof, sessionKey);
  return { serverPublic: formatHex(B, GROUP_BYTES), sessionKey, clientProof, serverProof };
}

function formatIdentity({ email, keyId }: SrpIdentity): string {
  return hash(hash(Buffer.from(keyId)), hash(Buffer.from(email.toLowerCase()))).toString('base64url');
}

function pad(value: bigint): Buffer {
  return Buffer.from(formatHex(value, GROUP_BYTES), 'hex');
}

function xor(one: Buffer, other: Buffer): Buffer {
  return Buffer.from(one.map((byte, index) => byte ^ other[index]!));
}

function hash(...parts: Buffer[]): Buffer {
  return createHash('sha256').update(Buffer.concat(parts)).digest();
}

const GROUP_BYTES = 512;
const GENERATOR = 5n;
const PRIME = parseBytes(getDiffieHellman('modp16').getPrime());
const MULTIPLIER = parseBytes(hash(pad(PRIME), pad(GENERATOR)));
