import { expect, test } from '@playwright/test';
import {
  isEmptyState,
  isSignedOutByCookies,
  lacksCookiesOf,
  withCookies,
  type StorageState,
} from '../../src/core/storage-state.js';
import { stateOf, valuesOf } from '../support/declared-session.js';

const nowMs = 1_000_000_000_000;
const origins = [{ origin: 'https://app.example', localStorage: [{ name: 'token', value: 'x' }] }];
const sessionStorage = [{ origin: 'https://app.example', items: [{ name: 'token', value: 'x' }] }];

test.describe('a state is empty', () => {
  test('without cookies and storage', () => {
    expect(isEmptyState(stateOf())).toBe(true);
  });

  test('and not with any of them', () => {
    expect(isEmptyState(stateOf('a'))).toBe(false);
    expect(isEmptyState({ ...stateOf(), sessionStorage })).toBe(false);
    expect(isEmptyState({ ...stateOf(), playwright: { cookies: [], origins } })).toBe(false);
  });
});

test.describe('a state is signed out by its cookies', () => {
  for (const [what, state, signedOut] of [
    ['when all have ended', ending(nowMs - 1, nowMs), true],
    ['but not when one has a moment left', ending(nowMs - 1, nowMs + 1), false],
    ['but not when one ends with the browser', ending(-1000, nowMs - 1), false],
    ['but not when it has none', stateOf(), false],
    ['but not when storage may sign in', { ...ending(nowMs - 1), sessionStorage }, false],
    ['but not when local storage may', withOrigins(ending(nowMs - 1)), false],
  ] as const)
    test(what, () => {
      expect(isSignedOutByCookies(state, nowMs)).toBe(signedOut);
    });
});

test.describe('a state lacks cookies of an earlier one', () => {
  test('when one of them is gone', () => {
    expect(lacksCookiesOf(stateOf('a'), stateOf('a', 'b'))).toBe(true);
    expect(lacksCookiesOf(stateOf(), stateOf('a'))).toBe(true);
  });

  test('and not when values changed or cookies came', () => {
    expect(lacksCookiesOf(stateOf('x', 'y'), stateOf('a'))).toBe(false);
    expect(lacksCookiesOf(stateOf(), stateOf())).toBe(false);
  });

  for (const change of [{ domain: 'other.example' }, { path: '/x' }, { name: 'other' }])
    test(`when one has another ${Object.keys(change).join()}`, () => {
      const earlier = stateOf('a');
      const [cookie] = earlier.playwright.cookies;
      expect(lacksCookiesOf(withCookies(earlier, [{ ...cookie!, ...change }]), earlier)).toBe(true);
    });
});

test('takes the cookies of a later request, and keeps the rest', () => {
  const state = { ...withOrigins(stateOf('a')), sessionStorage };
  const later = withCookies(state, stateOf('b').playwright.cookies);
  expect(valuesOf(later)).toEqual(['b']);
  expect(later).toMatchObject({ playwright: { origins }, sessionStorage });
  expect(valuesOf(state)).toEqual(['a']);
});

function ending(...timesMs: number[]): StorageState {
  const state = stateOf(...timesMs.map(String));
  timesMs.forEach((timeMs, index) => {
    state.playwright.cookies[index]!.expires = timeMs / 1000;
  });
  return state;
}

function withOrigins(state: StorageState): StorageState {
  return { ...state, playwright: { ...state.playwright, origins } };
}
