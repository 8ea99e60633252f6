import { expect, test } from '@playwright/test';
import { whyNotRestored } from '../../src/session/why-not-restored.js';
import { declareSession, stateOf } from '../support/declared-session.js';

const nowMs = 1_800_000_000_000;
const session = declareSession({ ttlSeconds: 3600 });
const record = { id: '1', session: 'admin', createdAtMs: nowMs, checkedAtMs: nowMs, state: stateOf('x') };
const at = { session, nowMs };

test('a check that said no is named with its step', () => {
  const seen = 'GET /api/me at /suite/shop.ts:14:20';
  expect(whyNotRestored(record, at, { checks: 3, refusals: 3, seen })).toBe(
    'its stored session was signed out: its check said no (GET /api/me at /suite/shop.ts:14:20)',
  );
  expect(whyNotRestored(record, at, { checks: 3, refusals: 1 })).toBe(
    'its stored session was signed out: its check said no',
  );
});

test('a check that only threw gave no answer', () => {
  expect(whyNotRestored(record, at, { checks: 3 })).toBe(
    'its stored session was not used: its check gave no answer',
  );
});

test('a state that is over says by what, and one from the future that a clock was changed', () => {
  const later = { session, nowMs: nowMs + 3_600_001 };
  expect(whyNotRestored(record, later, { checks: 0 })).toBe('its stored session had expired (ttlSeconds)');
  const earlier = { session, nowMs: nowMs - 3_600_000 };
  expect(whyNotRestored(record, earlier, { checks: 0 })).toBe(
    'its stored session was not used: it is from the future, so a clock was changed',
  );
});

test('without a check, a sign-out that was found, and a use that did not end, are reasons', () => {
  expect(whyNotRestored({ ...record, signedOutAtMs: nowMs }, at, { checks: 0 })).toBe(
    'its stored session was not used: an earlier check found it signed out',
  );
  expect(whyNotRestored({ ...record, handedOutAtMs: nowMs }, at, { checks: 0 })).toBe(
    'its stored session was not used: a run that used it alone did not give it back',
  );
});

test('without a check, what tests saw is the reason', () => {
  expect(whyNotRestored(record, at, { checks: 0 })).toBe(
    'its stored session was not used: a test failed with it or found it signed out',
  );
});
