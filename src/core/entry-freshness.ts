import type { DeclaredSession } from './declared-session.js';
import type { SessionRecord } from './sealed-session.js';
import { isSignedOutByCookies, type StorageState } from './storage-state.js';

/**
 * How usable a stored state is. `fresh`: checked recently, or young enough if no flow can check. `stale`: must be
 * checked before use. `expired`: too old, or found signed out, so the next sign-in replaces it. `none`: no usable
 * state.
 */
export type Freshness = 'fresh' | 'stale' | 'expired' | 'none';

export interface Expiry {
  readonly atMs: number;
  /** What expires first: the session's `ttlSeconds`, or a cookie, by name. */
  readonly by: 'ttlSeconds' | { readonly cookie: string };
}

export function freshnessOf(
  record: SessionRecord | undefined,
  session: Pick<DeclaredSession, 'ttlSeconds' | 'trustSeconds' | 'flow'>,
  nowMs: number,
): Freshness {
  if (!record) return 'none';
  if (record.signedOutAtMs !== undefined) return 'expired';
  if (record.doubtedAtMs !== undefined && !session.flow?.check) return 'expired';
  if (isTooOld(record, session, nowMs) || isSignedOutByCookies(record.state, nowMs)) return 'expired';
  if (expiryOf(record, session).atMs <= nowMs || record.doubtedAtMs !== undefined) return 'stale';
  const sinceCheckMs = nowMs - record.checkedAtMs;
  const isChecked = sinceCheckMs >= -maxClockSkewMs && sinceCheckMs <= session.trustSeconds * 1000;
  return isChecked || !session.flow?.check ? 'fresh' : 'stale';
}

/**
 * Whether a state is older than its `ttlSeconds`. A state from the future has an unknown age, because a clock was
 * changed: it may be used only if a flow can check it.
 */
export function isTooOld(
  { createdAtMs }: Pick<SessionRecord, 'createdAtMs'>,
  { ttlSeconds, flow }: Pick<DeclaredSession, 'ttlSeconds' | 'flow'>,
  nowMs: number,
): boolean {
  const ageMs = nowMs - createdAtMs;
  return ageMs > ttlSeconds * 1000 || (ageMs < -maxClockSkewMs && !flow?.check);
}

/** When a state expires at the latest: by its age, or by the first to expire of the cookies that can sign in. */
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
 * Cookies that had not expired when the state was made, with values long enough for a credential. If some are
 * HTTP-only, as servers' session cookies are, only these count.
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
/** How much the clocks of several machines may differ. */
const maxClockSkewMs = 5 * 60_000;
