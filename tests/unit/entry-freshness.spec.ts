import { expect, test } from '@playwright/test';
import { endTooNear, expiryOf, freshnessOf, handOutUntilMs } from '../../src/core/entry-freshness.js';
import type { StorageState } from '../../src/core/storage-state.js';
import { declareSession, flowWithoutCheck, stateOf } from '../support/declared-session.js';

type Cookie = StorageState['playwright']['cookies'][number];

const madeAtMs = 1_800_000_000_000;
const hourMs = 3_600_000;
const session = declareSession({ ttlSeconds: 12 * 3600, trustSeconds: 300 });

function recordWith(cookies: readonly Partial<Cookie>[] = [{}], checkedAtMs = madeAtMs) {
  const [cookie] = stateOf('a value of some length').playwright.cookies;
  const own = cookies.map((one) => ({ ...cookie, ...one }) as Cookie);
  const state = { playwright: { cookies: own, origins: [] }, sessionStorage: [] };
  return { id: '1', session: 'admin', createdAtMs: madeAtMs, checkedAtMs, state };
}

const tokenUntil = (exp: unknown) =>
  ['{"alg":"none"}', JSON.stringify({ exp })]
    .map((part) => Buffer.from(part).toString('base64url'))
    .join('.')
    .concat('.signature');

const inHours = (hours: number) => (madeAtMs + hours * hourMs) / 1000;

test('a state is fresh for as long as its check is trusted, then stale, and expired when its time is over', () => {
  expect(freshnessOf(undefined, session, madeAtMs)).toBe('none');
  const at = (ms: number) => freshnessOf(recordWith(), session, madeAtMs + ms);
  expect([0, 300_000, 300_001, 12 * hourMs, 12 * hourMs + 1].map(at)).toEqual([
    ...['fresh', 'fresh', 'stale', 'stale', 'expired'],
  ]);
});

test('a later check makes it fresh again', () => {
  const record = recordWith([{}], madeAtMs + 5 * hourMs);
  expect(freshnessOf(record, session, madeAtMs + 5 * hourMs + 1)).toBe('fresh');
});

test('without a check, it is fresh until its time is over', () => {
  const unchecked = { ...session, flow: flowWithoutCheck };
  expect(freshnessOf(recordWith(), unchecked, madeAtMs + 11 * hourMs)).toBe('fresh');
});

test('it ends by its ttlSeconds or by the shortest-lived cookie that can sign in', () => {
  const end = (...cookies: Partial<Cookie>[]) => expiryOf(recordWith(cookies), session);
  expect(end({ expires: -1 })).toEqual({ atMs: madeAtMs + 12 * hourMs, by: 'ttlSeconds' });
  expect(end({ name: 'sid', expires: inHours(3) }, { name: 'other', expires: inHours(5) })).toEqual({
    atMs: madeAtMs + 3 * hourMs,
    by: { cookie: 'sid' },
  });
  // What scripts can see is of no account beside what they cannot; a short value signs nobody in; the past is no end.
  expect(
    end(
      { name: 'sid', expires: inHours(3) },
      { name: 'banner', httpOnly: false, expires: inHours(1) },
      { name: 'flag', value: '1', expires: inHours(2) },
      { name: 'gone', expires: inHours(-1) },
    ),
  ).toMatchObject({ by: { cookie: 'sid' } });
  expect(end({ name: 'seen', httpOnly: false, expires: inHours(4) })).toMatchObject({
    by: { cookie: 'seen' },
  });
});

test('a JSON Web Token ends a state, unless its origin has a refresh token', () => {
  const inTwo = tokenUntil(inHours(2));
  const ends = (items: Record<string, string>, cookies: readonly Partial<Cookie>[] = [{ expires: -1 }]) => {
    const localStorage = Object.entries(items).map(([name, value]) => ({ name, value }));
    const record = recordWith(cookies);
    const origins = [{ origin: 'https://app.example', localStorage }];
    const playwright = { ...record.state.playwright, origins };
    return expiryOf({ ...record, state: { playwright, sessionStorage: [] } }, session);
  };
  const byToken = { atMs: madeAtMs + 2 * hourMs, by: { token: 'id' } };
  expect(ends({ id: inTwo })).toEqual(byToken);
  expect(ends({ id: JSON.stringify({ data: { token: `Bearer ${inTwo}` } }) })).toEqual(byToken);
  expect(ends({ id: inTwo, refresh_token: 'a long enough text' })).toMatchObject({ by: 'ttlSeconds' });
  expect(ends({ id: JSON.stringify({ access: inTwo, refreshToken: 'x'.repeat(20) }) })).toMatchObject({
    by: 'ttlSeconds',
  });
  for (const other of ['eyJ.eyJ.x', `${inTwo} and more`, tokenUntil('soon'), '{"a": 1', ''])
    expect(ends({ id: other })).toMatchObject({ by: 'ttlSeconds' });
  expect(ends({}, [{ name: 'sid', value: inTwo, expires: -1 }])).toEqual({
    atMs: madeAtMs + 2 * hourMs,
    by: { cookie: 'sid' },
  });
});

test('a state with less than minRemainingSeconds left is too near its end', () => {
  const hourly = recordWith([{ name: 'sid', expires: inHours(1) }]);
  const near = (leftSeconds: number, record = hourly, minRemainingSeconds = 60) =>
    endTooNear(
      record,
      { ttlSeconds: 12 * 3600, minRemainingSeconds },
      madeAtMs + hourMs - leftSeconds * 1000,
    );
  expect([61, 60, 59, 1].map((left) => near(left)?.by)).toEqual([
    ...[undefined, undefined, { cookie: 'sid' }, { cookie: 'sid' }],
  ]);
  // What is over does not count, nor what never had so much time.
  expect(near(-1)).toBeUndefined();
  expect(near(30, recordWith([{ expires: inHours(1) }], madeAtMs), 3600)).toBeUndefined();
  expect(near(30, hourly, 0)).toBeUndefined();
  const old = recordWith([{ expires: -1 }]);
  const times = { ttlSeconds: 3600, minRemainingSeconds: 60 };
  expect(endTooNear(old, times, madeAtMs + hourMs - 59_000)?.by).toBe('ttlSeconds');
  expect(handOutUntilMs(old, times, madeAtMs)).toBe(madeAtMs + hourMs - 60_000);
});

test('it is stale when one of several cookies has ended, and expired when all have', () => {
  const two = recordWith([{ expires: inHours(1) }, { name: 'other', expires: inHours(2) }]);
  const at = (hours: number) => freshnessOf(two, session, madeAtMs + hours * hourMs);
  expect([0, 1.5, 2.5].map(at)).toEqual(['fresh', 'stale', 'expired']);
});

test('a state that a check found signed out is expired, however young', () => {
  const record = { ...recordWith(), signedOutAtMs: madeAtMs + 1 };
  expect(freshnessOf(record, session, madeAtMs + 2)).toBe('expired');
});

test('a state from a future that a clock was set back from is checked, and expired where nothing can check', () => {
  const dayMs = 24 * hourMs;
  const unchecked = { ...session, flow: flowWithoutCheck };
  expect(freshnessOf(recordWith(), session, madeAtMs - dayMs)).toBe('stale');
  expect(freshnessOf(recordWith(), unchecked, madeAtMs - dayMs)).toBe('expired');
  for (const one of [session, unchecked]) {
    expect(freshnessOf(recordWith(), one, madeAtMs - 60_000)).toBe('fresh');
    expect(freshnessOf(recordWith(), one, madeAtMs + dayMs)).toBe('expired');
  }
});
