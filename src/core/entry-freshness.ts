import type { DeclaredSession } from './declared-session.js';
import type { SessionRecord } from './sealed-session.js';
import { isSignedOutByCookies, type StorageState } from './storage-state.js';

/**
 * How a stored state stands. `fresh`: checked lately, or good by its age where no flow can check. `stale`: to be
 * checked before it is used. `expired`: the next sign-in replaces it. `none`: there is none that can be used.
 */
export type Freshness = 'fresh' | 'stale' | 'expired' | 'none';

export interface Expiry {
  readonly atMs: number;
  /** What ends first: the session's `ttlSeconds`, or a cookie, by its name. */
  readonly by: 'ttlSeconds' | { readonly cookie: string };
}

export function freshnessOf(
  record: SessionRecord | undefined,
  session: Pick<DeclaredSession, 'ttlSeconds' | 'trustSeconds' | 'flow'>,
  nowMs: number,
): Freshness {
  if (!record) return 'none';
  const endMs = record.createdAtMs + session.ttlSeconds * 1000;
  if (nowMs > endMs || isSignedOutByCookies(record.state, nowMs)) return 'expired';
  if (expiryOf(record, session).atMs <= nowMs) return 'stale';
  const isChecked = nowMs - record.checkedAtMs <= session.trustSeconds * 1000;
  return isChecked || !session.flow?.check ? 'fresh' : 'stale';
}

/** When a state ends at the latest: by its age, or by the shortest-lived of the cookies that can sign somebody in. */
export function expiryOf(
  { createdAtMs, state }: SessionRecord,
  { ttlSeconds }: Pick<DeclaredSession, 'ttlSeconds'>,
): Expiry {
  const byAge: Expiry = { atMs: createdAtMs + ttlSeconds * 1000, by: 'ttlSeconds' };
  const byCookie = cookiesThatMatter(state, createdAtMs).map(({ name, expires }): Expiry => ({
    atMs: expires * 1000,
    by: { cookie: name },
  }));
  return [byAge, ...byCookie].reduce((first, one) => (one.atMs < first.atMs ? one : first));
}

/**
 * With an end, that was to come when the state was made, and with a value long enough to be a credential. Scripts
 * do not see the ones that servers sign people in with: where there are such, no others count.
 */
function cookiesThatMatter({ playwright }: StorageState, createdAtMs: number) {
  const lasting = playwright.cookies.filter(
    ({ expires, value }) => expires * 1000 > createdAtMs && value.length >= shortestCredential,
  );
  const hidden = playwright.cookies.filter(
    ({ httpOnly, value }) => httpOnly && value.length >= shortestCredential,
  );
  return hidden.length > 0 ? lasting.filter(({ httpOnly }) => httpOnly) : lasting;
}

const shortestCredential = 8;
