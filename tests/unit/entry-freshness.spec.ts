import { expect, test } from '@playwright/test';
import { expiryOf, freshnessOf } from '../../src/core/entry-freshness.js';
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
