import { createHash } from 'node:crypto';
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
    values: [...session.values]
      .map(([parameter, reference]) => [parameter, referenceIdentity(reference)])
      .sort(),
    code: session.code ? referenceIdentity(session.code) : null,
    baseURL: baseURL ? normaliseUrl(baseURL) : null,
    proxy: session.proxy?.server ?? null,
  };
  return `${session.name}-${createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32)}`;
}

/** The session's name in a key from `entryKey`. */
export function nameInEntryKey(key: string): string | undefined {
  return /^(.+)-[0-9a-f]{32}$/.exec(key)?.[1];
}

function normaliseUrl(text: string): string {
  return URL.canParse(text) ? new URL(text).href : text;
}
