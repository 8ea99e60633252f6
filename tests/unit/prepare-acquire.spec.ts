import { expect, test } from '@playwright/test';
import { accountName } from '../../src/core/pool-account.js';
import { entryKey } from '../../src/core/entry-key.js';
import {
  findSessionOfKey,
  isIsolated,
  isolatedKey,
  staysInMemory,
} from '../../src/session/prepare-acquire.js';
import { declareSession } from '../support/declared-session.js';

const account = { pool: 'buyer', number: 2, of: 3 };
const sessions = new Map(
  [
    declareSession({ name: 'admin' }),
    declareSession({ name: 'runtime-admin' }),
    declareSession({ name: 'isolated-admin' }),
    declareSession({ name: accountName('buyer', 2), account }),
  ].map((session) => [session.name, session]),
);

for (const session of sessions.values())
  test(`the key of "${session.name}" is stored, and that of one test is not`, () => {
    const key = entryKey(session, 'https://app.example');
    expect([staysInMemory(key), isIsolated(key)]).toEqual([false, false]);
    expect(findSessionOfKey(sessions, key)).toBe(session);
    const own = isolatedKey(key, '0b9c1a1e-8f1e-4b59-9a4c-6c1f5c6f4a11');
    expect([staysInMemory(own), isIsolated(own)]).toEqual([true, true]);
    expect(findSessionOfKey(sessions, own)).toBe(session);
  });
