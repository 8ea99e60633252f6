import { createHash, hkdfSync } from 'node:crypto';
import { AuthSessionsError } from '../core/errors.js';
import { newStoreKeyCommand } from '../core/new-store-key.js';
import type { StoreKey } from '../core/sealed-session.js';
import type { SecretValue } from '../core/secret-value.js';
import { whyGuessable } from './guessable-key.js';
import { readOrCreateKeyFile } from './key-file.js';

/** The key of the session store, and its source. Prints without its bytes. */
export interface LoadedStoreKey extends StoreKey {
  readonly source: 'AUTH_SESSIONS_KEY' | 'vault credential' | 'key file';
}

export interface StoreKeySources {
  /** The value of `AUTH_SESSIONS_KEY`; omit it if the variable is not set. */
  readonly explicitKey?: SecretValue | undefined;
  /** The vault's credential, `OP_SERVICE_ACCOUNT_TOKEN`. */
  readonly vaultCredential?: SecretValue | undefined;
  /** Folder of the key file, used if there is neither; see `userStateFolder`. */
  readonly stateFolder: string;
  readonly randomBytes: (size: number) => Uint8Array;
}

/**
 * The key that seals sessions: `AUTH_SESSIONS_KEY`; or else one derived from the vault's credential, so that all
 * machines with one service account share a store; or else this user's key file, created on first use.
 *
 * @throws AuthSessionsError `ERR_STORE_KEY_INVALID`; `ERR_STORE_UNWRITABLE` if no key file can be created
 */
export async function loadStoreKey(sources: StoreKeySources): Promise<LoadedStoreKey> {
  const { explicitKey, vaultCredential, stateFolder, randomBytes } = sources;
  if (explicitKey) return createStoreKey(parseStoreKey(explicitKey), 'AUTH_SESSIONS_KEY');
  if (vaultCredential) return createStoreKey(deriveStoreKey(vaultCredential), 'vault credential');
  return createStoreKey(await readOrCreateKeyFile({ stateFolder, randomBytes }), 'key file');
}

/**
 * Reads 32 random bytes written as base64, base64url or 64 hex digits.
 *
 * @throws AuthSessionsError `ERR_STORE_KEY_INVALID`
 */
export function parseStoreKey(key: SecretValue): Uint8Array {
  const text = key.reveal().trim();
  const bytes = decodeKey(text);
  if (bytes) return requireRandom(bytes);
  throw new AuthSessionsError('ERR_STORE_KEY_INVALID', {
    failed: 'AUTH_SESSIONS_KEY is not a valid key.',
    known: text === '' ? 'It is empty.' : `Its ${text.length} characters do not encode 32 bytes.`,
    next: `Create one with ${newStoreKeyCommand}, and store it with the project's other secrets.`,
  });
}

function decodeKey(text: string): Uint8Array | undefined {
  if (/^[0-9a-f]{64}$/i.test(text)) return Buffer.from(text, 'hex');
  const bytes = Buffer.from(text, 'base64url');
  const canonical = text.replaceAll('+', '-').replaceAll('/', '_').replace(/=$/, '');
  return bytes.length === keyLength && bytes.toString('base64url') === canonical ? bytes : undefined;
}

function requireRandom(bytes: Uint8Array): Uint8Array {
  const known = whyGuessable(bytes);
  if (known === undefined) return bytes;
  throw new AuthSessionsError('ERR_STORE_KEY_INVALID', {
    failed: 'AUTH_SESSIONS_KEY is guessable.',
    known,
    next: `Create one with ${newStoreKeyCommand}, and store it with the project's other secrets.`,
  });
}

/**
 * HKDF with SHA-256 (RFC 5869). Its info names purpose and version, so that a later derivation produces another key.
 * HKDF does not stretch, so a guessable credential is rejected.
 */
function deriveStoreKey(credential: SecretValue): Uint8Array {
  const secret = credential.reveal().trim();
  if (secret.length >= minCredentialLength) return hkdf(secret, 'playwright-auth-sessions store key v1');
  throw new AuthSessionsError('ERR_STORE_KEY_INVALID', {
    failed: `No key for the session store can be derived from ${credential.label}.`,
    known: `It has fewer than ${minCredentialLength} characters, so it is guessable.`,
    next: `Check it, or set AUTH_SESSIONS_KEY to a key from ${newStoreKeyCommand}.`,
  });
}

function createStoreKey(bytes: Uint8Array, source: LoadedStoreKey['source']): LoadedStoreKey {
  // One-way, and derived differently from any key, because the ID is public.
  const id = createHash('sha256').update(hkdf(bytes, 'playwright-auth-sessions store key id v1'));
  return new PrivateStoreKey(bytes, id.digest().subarray(0, 8).toString('hex'), source);
}

class PrivateStoreKey implements LoadedStoreKey {
  readonly id: string;
  readonly source: LoadedStoreKey['source'];
  readonly #bytes: Uint8Array;

  constructor(bytes: Uint8Array, id: string, source: LoadedStoreKey['source']) {
    this.#bytes = bytes;
    this.id = id;
    this.source = source;
  }

  get bytes(): Uint8Array {
    return this.#bytes;
  }
}

function hkdf(secret: string | Uint8Array, info: string): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', secret, '', info, keyLength));
}

const keyLength = 32;
const minCredentialLength = 32;
