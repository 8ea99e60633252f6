import { expect, test } from '@playwright/test';
import { explainCheck } from '../../src/cli/commands/explain-check.js';
import { declareSession, stateOf } from '../support/declared-session.js';

const nowMs = 1_800_000_000_000;
const session = declareSession({ ttlSeconds: 3600 });
const record = { id: '1', session: 'admin', createdAtMs: nowMs, checkedAtMs: nowMs, state: stateOf('x') };
const stored = { session, record, rejection: undefined };
const no = { signedIn: false, checks: 2, notes: [] };
const renew = 'npx playwright-auth-sessions renew admin';

test('a session that is signed in has nothing to explain', () => {
  expect(explainCheck(stored, { ...no, signedIn: true }, nowMs)).toEqual({ seen: null, next: null });
});

test('a no says how often the check was asked, and to renew', () => {
  expect(explainCheck(stored, no, nowMs)).toEqual({
    seen: 'its check ran 2 times, and found it signed out',
    next: renew,
  });
  expect(explainCheck(stored, { ...no, checks: 1 }, nowMs).seen).toBe(
    'its check ran once, and found it signed out',
  );
});

test('a no names the step of the check that said it', () => {
  const seen = 'GET /api/me at /suite/shop.ts:14:20';
  expect(explainCheck(stored, { ...no, seen }, nowMs).seen).toBe(
    'its check ran 2 times, and found it signed out: GET /api/me at /suite/shop.ts:14:20',
  );
});

test('a check that always throws is reported as an error, not as signed out', () => {
  const notes = ['a check threw: down', 'a check threw: down'];
  expect(explainCheck(stored, { ...no, notes }, nowMs).seen).toBe(
    'its check ran 2 times, and gave no answer',
  );
});

test('a state that is over says by what', () => {
  const unasked = { ...no, checks: 0 };
  expect(explainCheck(stored, unasked, nowMs + 2 * 3_600_000)).toEqual({
    seen: 'it expired (ttlSeconds)',
    next: renew,
  });
  const [cookie] = stateOf('a value of some length').playwright.cookies;
  const ending = { ...cookie, name: 'sid', expires: nowMs / 1000 + 60 } as NonNullable<typeof cookie>;
  const state = { playwright: { cookies: [ending], origins: [] }, sessionStorage: [] };
  expect(explainCheck({ ...stored, record: { ...record, state } }, unasked, nowMs + 61_000).seen).toBe(
    'it expired (cookie sid)',
  );
  expect(explainCheck(stored, unasked, nowMs).seen).toBe('it is no longer stored');
});

test('without a usable stored session, it says why, and to create one', () => {
  const none = { ...stored, record: undefined };
  const next = 'npx playwright-auth-sessions create admin';
  expect(explainCheck(none, undefined, nowMs)).toEqual({ seen: 'nothing is stored for it', next });
  expect(explainCheck({ ...none, rejection: 'other-key' }, undefined, nowMs)).toEqual({
    seen: 'the stored entry is not used: sealed with another key',
    next,
  });
});

test('a session that a person signs in is recorded again', () => {
  const recorded = { ...stored, session: { ...session, type: 'recorder' as const } };
  expect(explainCheck(recorded, no, nowMs).next).toBe('npx playwright-auth-sessions record admin');
  expect(explainCheck({ ...recorded, record: undefined }, undefined, nowMs).next).toBe(
    'npx playwright-auth-sessions record admin',
  );
});

test('a check that failed has its own error, which says what to do', () => {
  expect(explainCheck(stored, undefined, nowMs)).toEqual({ seen: null, next: null });
});
