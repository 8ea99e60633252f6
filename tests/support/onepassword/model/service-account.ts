import { generateKeyPair } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import { createSymmetricKey } from '../crypto/envelope.js';
import { createVerifier } from '../crypto/srp.js';
import { RateLimiter } from '../http/rate-limiter.js';
import type { RateLimit } from '../http/rate-limiter.js';
import type { Environment } from './environment.js';
import { createId } from './id.js';
import { checkPermissions } from './permission.js';
import type { Permission } from './permission.js';
import { createTokenContents, formatToken } from './token.js';
import type { TokenContents } from './token.js';
import type { Vault } from './vault.js';

export interface VaultGrant {
  readonly vault: Vault;
  /** `read_items` when left out. */
  readonly permissions?: readonly Permission[];
}

export interface ServiceAccountOptions {
  readonly name?: string;
  readonly vaults: readonly VaultGrant[];
  /** Environments to read. */
  readonly environments?: readonly Environment[];
  /** Reads that this token may make in a window, sign-in not counted. */
  readonly rateLimit?: RateLimit;
}

/** A machine identity: a token, and the vaults that it reaches. */
export class ServiceAccount {
  readonly id = createId();
  readonly name: string;
  readonly token: string;
  readonly tokenContents: TokenContents;
  readonly verifier: bigint;
  readonly limiter: RateLimiter;
  readonly grants: ReadonlyMap<Vault, readonly Permission[]>;
  /** The key in the token, which the key set is sealed under. */
  readonly tokenKey = createSymmetricKey('mp');
  /** The key set that vault keys are encrypted for: a symmetric key, which holds a private one. */
  readonly keysetKey = createSymmetricKey(createId());
  /** The same in all service accounts of a process: it takes a tenth of a second to make. */
  readonly keyPair = createKeyPair();
  #revoked = false;

  constructor(options: ServiceAccountOptions, signInAddress: string, nowMs: () => number) {
    this.name = options.name ?? 'service account';
    this.grants = new Map([
      ...options.vaults.map(
        ({ vault, permissions = ['read_items'] }) => [vault, checkPermissions(permissions)] as const,
      ),
      ...(options.environments ?? []).map(({ vault }) => [vault, ['read_items']] as const),
    ]);
    this.tokenContents = createTokenContents(signInAddress, this.tokenKey);
    this.token = formatToken(this.tokenContents);
    this.verifier = createVerifier(this.tokenContents.srpX);
    this.limiter = new RateLimiter(options.rateLimit, nowMs);
  }

  get revoked(): boolean {
    return this.#revoked;
  }

  /** From now on the token is refused, signed in or not. */
  revoke(): void {
    this.#revoked = true;
  }
}

let keyPair: Promise<{ publicKey: KeyObject; privateKey: KeyObject }> | undefined;

/** Made while the first client signs in. */
function createKeyPair(): Promise<{ publicKey: KeyObject; privateKey: KeyObject }> {
  return (keyPair ??= promisify(generateKeyPair)('rsa', { modulusLength: 2048 }));
}
