import type { DeclaredSession } from './declared-session.js';
import type { SessionRecord } from './sealed-session.js';
import { credentialCookies, isSignedOutByCookies } from './storage-state.js';
import { tokenEndMs } from './json-web-token.js';
import { tokensThatMatter } from './token-end.js';

/**
 * How usable a stored state is. `fresh`: checked recently, or young enough if no flow can check. `stale`: must be
 * checked before use. `expired`: too old, or found signed out, so the next sign-in replaces it. `none`: no usable
 * state.
 */
export type Freshness = 'fresh' | 'stale' | 'expired' | 'none';

export interface Expiry {
  readonly atMs: number;
  /** What expires first: the session's `ttlSeconds`, a cookie, or a token in web storage, by name. */
  readonly by: 'ttlSeconds' | { readonly cookie: string } | { readonly token: string };
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

/** When a state expires at the latest: by its age, or by the first to expire of what can sign in. */
export function expiryOf(record: SessionRecord, session: Pick<DeclaredSession, 'ttlSeconds'>): Expiry {
  return firstOf(endsOf(record, session));
}

/**
 * The first end for which a state must not be handed out any more at this time, because less than
 * `minRemainingSeconds` is left. `undefined` if there is more time. What is over already ends nothing: a check decides
 * then. Nor does what never had so much time.
 */
export function endTooNear(
  record: SessionRecord,
  session: Pick<DeclaredSession, 'ttlSeconds' | 'minRemainingSeconds'>,
  nowMs: number,
): Expiry | undefined {
  const near = endsThatCount(record, session, nowMs).filter(
    ({ atMs }) => atMs - nowMs < session.minRemainingSeconds * 1000,
  );
  return near.length > 0 ? firstOf(near) : undefined;
}

/** Until when a state may be handed out without another look. */
export function handOutUntilMs(
  record: SessionRecord,
  session: Pick<DeclaredSession, 'ttlSeconds' | 'minRemainingSeconds'>,
  nowMs: number,
): number {
  const ends = endsThatCount(record, session, nowMs).map(({ atMs }) => atMs);
  return Math.min(...ends) - session.minRemainingSeconds * 1000;
}

function endsThatCount(
  record: SessionRecord,
  session: Pick<DeclaredSession, 'ttlSeconds' | 'minRemainingSeconds'>,
  nowMs: number,
): readonly Expiry[] {
  const leastMs = session.minRemainingSeconds * 1000;
  return endsOf(record, session).filter(({ atMs }) => atMs > nowMs && atMs - record.createdAtMs > leastMs);
}

function endsOf(
  { createdAtMs, state }: SessionRecord,
  { ttlSeconds }: Pick<DeclaredSession, 'ttlSeconds'>,
): [Expiry, ...Expiry[]] {
  const byAge: Expiry = { atMs: createdAtMs + ttlSeconds * 1000, by: 'ttlSeconds' };
  const byCookie = credentialCookies(state)
    .map(({ name, expires, value }): Expiry => {
      const ends = [expires === -1 ? Infinity : expires * 1000, tokenEndMs(value) ?? Infinity];
      return { atMs: Math.min(...ends), by: { cookie: name } };
    })
    .filter(({ atMs }) => atMs !== Infinity && atMs > createdAtMs);
  const byToken = tokensThatMatter(state)
    .filter(({ atMs }) => atMs > createdAtMs)
    .map(({ name, atMs }): Expiry => ({ atMs, by: { token: name } }));
  return [byAge, ...byCookie, ...byToken];
}

function firstOf(ends: readonly Expiry[]): Expiry {
  return ends.reduce((first, one) => (one.atMs < first.atMs ? one : first));
}

/** What ends, for a message. */
export function formatEnd(by: Expiry['by']): string {
  if (by === 'ttlSeconds') return by;
  return 'cookie' in by ? `cookie ${by.cookie}` : `token ${by.token}`;
}

/** How much the clocks of several machines may differ. */
const maxClockSkewMs = 5 * 60_000;
