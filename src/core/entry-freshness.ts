import type { DeclaredSession } from './declared-session.js';
import type { SessionRecord } from './sealed-session.js';
import { isSignedOutByCookies, type StorageState } from './storage-state.js';

/**
 * How a stored state stands. `fresh`: checked lately, or good by its age where no flow can check. `stale`: to be
 * checked before it is used. `expired`: too old, or a check said that it is signed out; the next sign-in replaces it. `none`: there is none that can be used.
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
  if (record.signedOutAtMs !== undefined) return 'expired';
  if (isTooOld(record, session, nowMs) || isSignedOutByCookies(record.state, nowMs)) return 'expired';
  if (expiryOf(record, session).atMs <= nowMs) return 'stale';
  const sinceCheckMs = nowMs - record.checkedAtMs;
  const isChecked = sinceCheckMs >= -maxClockSkewMs && sinceCheckMs <= session.trustSeconds * 1000;
  return isChecked || !session.flow?.check ? 'fresh' : 'stale';
}

/**
 * Whether a state has outlived its `ttlSeconds`. One from the future has an age that nobody knows, since a clock was
 * set meanwhile: only a flow that checks may go on with it.
 */
export function isTooOld(
  { createdAtMs }: Pick<SessionRecord, 'createdAtMs'>,
  { ttlSeconds, flow }: Pick<DeclaredSession, 'ttlSeconds' | 'flow'>,
  nowMs: number,
): boolean {
  const ageMs = nowMs - createdAtMs;
  return ageMs > ttlSeconds * 1000 || (ageMs < -maxClockSkewMs && !flow?.check);
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
/** What clocks of several machines may differ by. */
const maxClockSkewMs = 5 * 60_000;
