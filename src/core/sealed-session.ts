// All of jose takes twice as long to load, in every broker.
import { compactDecrypt } from 'jose/jwe/compact/decrypt';
import { CompactEncrypt } from 'jose/jwe/compact/encrypt';
import * as v from 'valibot';
import type { EntryParts } from './entry-key.js';
import type { StorageState } from './storage-state.js';

/** What is sealed: a storage state, its creation time, and when it was last known to be signed in. */
export interface SessionRecord {
  /** Identifies its sign-in. Write-backs of checks and tests keep it. */
  readonly id: string;
  readonly session: string;
  readonly createdAtMs: number;
  readonly checkedAtMs: number;
  /** When its last check found it signed out; missing otherwise. */
  readonly signedOutAtMs?: number | undefined;
  /** While a test, a check or a command has an exclusive session: if that never ends, its state may be used up. */
  readonly handedOutAtMs?: number | undefined;
  /** When a test found that it may be signed out; missing again after a check. */
  readonly doubtedAtMs?: number | undefined;
  /** Whether the application asked for a device-bound session during this sign-in. [false] */
  readonly isBindingAsked?: boolean | undefined;
  /** Counts the states of this sign-in, so that the latest is known without a clock. [0] */
  readonly revision?: number | undefined;
  /** What it was made with. Missing in a state of an earlier version of this package. */
  readonly madeWith?: EntryParts | undefined;
  readonly state: StorageState;
}

/** Whether a state must be checked before its next use, on whichever machine that is. */
export function isInDoubt({ doubtedAtMs, handedOutAtMs, signedOutAtMs }: SessionRecord): boolean {
  return [doubtedAtMs, handedOutAtMs, signedOutAtMs].some((atMs) => atMs !== undefined);
}

/** The record with the state that a use has left. */
export function withState(record: SessionRecord, state: StorageState): SessionRecord {
  return { ...record, state, revision: (record.revision ?? 0) + 1 };
}

/** Why a stored entry is not used. It then counts as missing. */
export type SealRejection =
  | 'not-sealed'
  | 'other-key'
  | 'altered'
  | 'other-entry'
  | 'unknown-version'
  | 'malformed';

export type OpenResult =
  | { readonly ok: true; readonly record: SessionRecord }
  | { readonly ok: false; readonly reason: SealRejection };

/** The key that seals sessions: 32 bytes, and its public ID in sealed sessions. */
export interface StoreKey {
  readonly bytes: Uint8Array;
  readonly id: string;
}

/** The entry a sealed session belongs to, and the key that seals it. */
export interface SealingContext {
  readonly entryKey: string;
  readonly key: StoreKey;
}

/**
 * Seals a record as a compact JWE (RFC 7516): direct encryption (RFC 7518, section 4.5) with AES-256-GCM (section 5.3).
 * The authenticated header names version, key and entry, so an entry copied to another place is recognized.
 */
export async function sealSession(record: SessionRecord, { entryKey, key }: SealingContext): Promise<string> {
  return new CompactEncrypt(new TextEncoder().encode(JSON.stringify(record)))
    .setProtectedHeader({ alg, enc, typ, kid: key.id, v: version, entry: entryKey })
    .encrypt(key.bytes);
}

/**
 * Opens a result of `sealSession`. Anything else is a rejection with its reason. Never throws, and never returns
 * unauthenticated data.
 */
export async function openSession(sealed: string, context: SealingContext): Promise<OpenResult> {
  const reason = rejectHeader(readHeader(sealed), context);
  if (reason !== undefined) return { ok: false, reason };
  const payload = await decrypt(sealed, context.key);
  if (payload === undefined) return { ok: false, reason: 'altered' };
  const record = parseRecord(payload);
  return record === undefined ? { ok: false, reason: 'malformed' } : { ok: true, record };
}

function readHeader(sealed: string): Record<string, unknown> | undefined {
  const parts = sealed.split('.');
  if (parts.length !== 5) return undefined;
  const header = parseJson(Buffer.from(parts[0] ?? '', 'base64url').toString('utf8'));
  return typeof header === 'object' && header !== null ? { ...header } : undefined;
}

// Before authentication, these fields can only cause a rejection.
function rejectHeader(
  header: Record<string, unknown> | undefined,
  { entryKey, key }: SealingContext,
): SealRejection | undefined {
  if (header?.typ !== typ) return 'not-sealed';
  if (header.v !== version) return 'unknown-version';
  if (header.kid !== key.id) return 'other-key';
  if (header.entry !== entryKey) return 'other-entry';
  return undefined;
}

async function decrypt(sealed: string, key: StoreKey): Promise<string | undefined> {
  // Base64url leaves unused bits in the last character. Only the canonical spelling is accepted.
  if (!sealed.split('.').every(isCanonical)) return undefined;
  try {
    const { plaintext } = await compactDecrypt(sealed, key.bytes, {
      keyManagementAlgorithms: [alg],
      contentEncryptionAlgorithms: [enc],
      maxDecompressedLength: 0,
    });
    return new TextDecoder('utf-8', { fatal: true }).decode(plaintext);
  } catch {
    return undefined;
  }
}

function isCanonical(part: string): boolean {
  return Buffer.from(part, 'base64url').toString('base64url') === part;
}

function parseRecord(payload: string): SessionRecord | undefined {
  const record = parseJson(payload);
  return v.is(recordSchema, record) ? record : undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

const alg = 'dir';
const enc = 'A256GCM';
const typ = 'auth-session+jwe';
const version = 1;

const nameAndValue = v.looseObject({ name: v.string(), value: v.string() });

// Loose, so that additions by later Playwright versions are kept.
export const storageStateSchema = v.looseObject({
  playwright: v.looseObject({
    cookies: v.array(
      v.looseObject({
        name: v.string(),
        value: v.string(),
        domain: v.string(),
        path: v.string(),
        expires: v.number(),
        httpOnly: v.boolean(),
        secure: v.boolean(),
        sameSite: v.picklist(['Strict', 'Lax', 'None']),
      }),
    ),
    origins: v.array(v.looseObject({ origin: v.string(), localStorage: v.array(nameAndValue) })),
  }),
  sessionStorage: v.array(v.looseObject({ origin: v.string(), items: v.array(nameAndValue) })),
  access: v.optional(
    v.looseObject({
      httpCredentials: v.optional(
        v.array(
          v.looseObject({
            ...{ origin: v.string(), username: v.string(), password: v.string() },
            send: v.optional(v.picklist(['always', 'unauthorized'])),
          }),
        ),
      ),
      clientCertificates: v.optional(
        v.array(
          v.looseObject({
            origin: v.string(),
            ...{ cert: v.optional(v.string()), key: v.optional(v.string()), pfx: v.optional(v.string()) },
            passphrase: v.optional(v.string()),
          }),
        ),
      ),
    }),
  ),
  headers: v.optional(v.looseObject({ origins: v.array(v.string()), items: v.array(nameAndValue) })),
});

const recordSchema = v.looseObject({
  id: v.string(),
  session: v.string(),
  createdAtMs: v.pipe(v.number(), v.finite()),
  checkedAtMs: v.pipe(v.number(), v.finite()),
  signedOutAtMs: v.optional(v.pipe(v.number(), v.finite())),
  handedOutAtMs: v.optional(v.pipe(v.number(), v.finite())),
  doubtedAtMs: v.optional(v.pipe(v.number(), v.finite())),
  isBindingAsked: v.optional(v.boolean()),
  revision: v.optional(v.pipe(v.number(), v.safeInteger())),
  madeWith: v.optional(v.looseObject({ flow: v.string(), references: v.string(), place: v.string() })),
  state: storageStateSchema,
});
