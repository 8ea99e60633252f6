import { expect, test } from '@playwright/test';
import * as entry from '../../fixtures/index.js';
import { createPublicNames } from '../../src/declaration/public-names.js';

test('a flow gets every name that the package exports, and the same things', () => {
  const names = createPublicNames(() => entry);
  expect(Object.keys(names).sort()).toEqual(Object.keys(entry).sort());
  for (const [name, value] of Object.entries(entry)) expect(names[name], name).toBe(value);
});

test('a usual import of a flow loads neither the fixtures nor the test runner', () => {
  let loads = 0;
  const names = createPublicNames(() => {
    loads += 1;
    return entry;
  });
  for (const name of [
    'defineAuthFlow',
    'defineAuthSessions',
    'AccountLockedError',
    'AuthSessionsError',
    'CredentialsRejectedError',
    'HumanNeededError',
  ])
    expect(names[name], name).toBeDefined();
  expect(loads).toBe(0);
  expect(names.expect).toBe(expect);
  expect(loads).toBe(1);
});
