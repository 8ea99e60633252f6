import { expect, test } from '@playwright/test';
import {
  ownPartitionLast,
  partitionedCookies,
  withRequestCookies,
} from '../../src/core/partitioned-cookies.js';
import { fateOfCookies, type StateCookie, type StorageState } from '../../src/core/storage-state.js';

const own = cookie('session', 'own-value', { partitionKey: 'https://app.example', ancestor: false });
const framed = cookie('session', 'framed-value', { partitionKey: 'https://portal.example', ancestor: true });
const plain = cookie('device', 'plain-value');

test("puts the site's own partition after those of other sites", () => {
  expect(ownPartitionLast([own, plain, framed])).toEqual([framed, own, plain]);
  expect(partitionedCookies(stateOf(own, plain, framed))).toEqual([own, framed]);
});

test('keeps cookies of other partitions, which a request context does not know', () => {
  const state = stateOf(framed, own, plain);
  expect(withRequestCookies(state, [own, plain])).toEqual(state);
});

test('a cookie that an answer replaced stays in its partition', () => {
  const { playwright } = withRequestCookies(stateOf(framed, own, plain), [
    plain,
    cookie('session', 'next-value'),
    cookie('new', 'new-value'),
  ]);
  const next = cookie('session', 'next-value', { partitionKey: 'https://app.example', ancestor: false });
  expect(playwright.cookies).toEqual([framed, next, plain, cookie('new', 'new-value')]);
});

test('a cookie that an answer deleted is gone from its partition alone', () => {
  expect(withRequestCookies(stateOf(framed, own), []).playwright.cookies).toEqual([framed]);
});

test('cookies of several partitions are no change of one another', () => {
  const state = stateOf(own, framed);
  expect(fateOfCookies(state, [framed, own], 0)).toBe('same');
  expect(fateOfCookies(state, [framed, { ...own, value: 'next-value' }], 0)).toBe('changed');
  expect(fateOfCookies(state, [framed], 0)).toBe('gone');
});

function cookie(
  name: string,
  value: string,
  partition?: { readonly partitionKey: string; readonly ancestor: boolean },
): StateCookie {
  return {
    ...{ name, value, domain: 'app.example', path: '/', expires: -1 },
    ...{ httpOnly: true, secure: true, sameSite: 'None' },
    ...(partition && {
      partitionKey: partition.partitionKey,
      _crHasCrossSiteAncestor: partition.ancestor,
    }),
  };
}

function stateOf(...cookies: StateCookie[]): StorageState {
  return { playwright: { cookies, origins: [] }, sessionStorage: [] };
}
