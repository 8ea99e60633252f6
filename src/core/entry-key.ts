import { createHash } from 'node:crypto';
import { accountName } from './pool-account.js';
import type { DeclaredSession } from './declared-session.js';
import { referenceIdentity } from './secret-reference.js';

/**
 * The store's key of a session: its name, and a digest of everything its state depends on. An edited flow, other
 * references or another base URL change the key, so an old state is never used for them.
 */
export function entryKey(session: DeclaredSession, baseURL: string | undefined): string {
  const parts = {
    version: 1,
    name: session.name,
    type: session.type,
    flow: session.flowDigest,
    ...referencesIn(session),
    baseURL: baseURL ? normaliseUrl(baseURL) : null,
    proxy: session.proxy?.server ?? null,
    ...(session.access && { access: session.access }),
  };
  return `${nameInKey(session)}-${digestOf(parts)}`;
}

function digestOf(parts: unknown): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32);
}

function referencesIn({ values, code }: DeclaredSession) {
  return {
    values: [...values].map(([parameter, reference]) => [parameter, referenceIdentity(reference)]).sort(),
    code: code ? referenceIdentity(code) : null,
  };
}

/** Digests of what a state depends on, to say later which of them has changed. They contain no value. */
export interface EntryParts {
  readonly flow: string;
  /** Its parameters and their references. */
  readonly references: string;
  /** Its base URL and proxy. */
  readonly place: string;
}

export function entryParts(session: DeclaredSession, baseURL: string | undefined): EntryParts {
  const { flowDigest, type, proxy, access } = session;
  return {
    flow: digestOf([type, flowDigest]),
    references: digestOf([referencesIn(session), access ?? null]),
    place: digestOf([baseURL ? normaliseUrl(baseURL) : null, proxy?.server ?? null]),
  };
}

/** The session's name in a key from `entryKey`. */
export function nameInEntryKey(key: string): string | undefined {
  const [, number, name] = /^(?:(\d+)_)?(.+)-[0-9a-f]{32}$/.exec(key) ?? [];
  return number === undefined ? name : accountName(name ?? '', Number(number));
}

/** Brackets are no characters of a key, and no session's name begins with a digit. */
function nameInKey({ name, account }: DeclaredSession): string {
  return account ? `${account.number}_${account.pool}` : name;
}

function normaliseUrl(text: string): string {
  return URL.canParse(text) ? new URL(text).href : text;
}
