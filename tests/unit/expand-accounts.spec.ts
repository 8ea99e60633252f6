import { expect, test } from '@playwright/test';
import type { AuthSessionDeclaration } from '../../src/core/auth-session.js';
import { completeSession } from '../../src/core/complete-session.js';
import { entryKey, nameInEntryKey } from '../../src/core/entry-key.js';
import { validateDeclaration } from '../../src/core/validate-declaration.js';
import { expandAccounts } from '../../src/declaration/expand-accounts.js';
import { findSameAccounts } from '../../src/declaration/same-accounts.js';
import { declareSession } from '../support/declared-session.js';

const reference = 'op://qa/customer-${account}/password';
const expand = (declaration: AuthSessionDeclaration, variables: Record<string, string> = {}) =>
  expandAccounts('customer', declaration, variables).map((one) =>
    completeSession(one.name, one.declaration, {
      ...one,
      loaded: { flow: undefined, digest: '' },
      errors: [],
    }),
  );
const validate = (session: object) => () =>
  validateDeclaration({ sessions: { customer: { flow: './a.ts', ...session } } }, 'a.ts');

test('a pool is a session for each account, with the references of that account', () => {
  const sessions = expand({ flow: './a.ts', parameters: { password: reference }, accounts: 3 });
  expect(sessions.map(({ name }) => name)).toEqual(['customer[1]', 'customer[2]', 'customer[3]']);
  expect(sessions.map(({ account }) => account?.number)).toEqual([1, 2, 3]);
  expect(sessions.map(({ values }) => values.get('password')?.text)).toEqual([
    'op://qa/customer-1/password',
    'op://qa/customer-2/password',
    'op://qa/customer-3/password',
  ]);
});

test('the accounts of a pool may be variables of an Environment', () => {
  const id = 'blgexucrwfr2dtsxe2q4uu7dp4';
  const password = `op-env://${id}/CUSTOMER_\${account}_PASSWORD` as const;
  const sessions = expand({ flow: './a.ts', parameters: { password }, accounts: 2 });
  expect(sessions.map(({ values }) => values.get('password')?.text)).toEqual([
    `op-env://${id}/CUSTOMER_1_PASSWORD`,
    `op-env://${id}/CUSTOMER_2_PASSWORD`,
  ]);
});

test('a list of accounts has the parameters of each', () => {
  const accounts = ['jane', 'joe'].map((item) => ({ password: `op://qa/${item}/password` as const }));
  const sessions = expand({ flow: './a.ts', accounts });
  expect(sessions.map(({ values }) => values.get('password')?.text)).toEqual([
    'op://qa/jane/password',
    'op://qa/joe/password',
  ]);
  expect(sessions[1]?.account).toEqual({ pool: 'customer', number: 2, of: 2 });
});

test('the key of an account is one of a store, and has its name in it', () => {
  const account = { pool: 'customer', number: 12, of: 20 };
  const key = entryKey(declareSession({ name: 'customer[12]', account }), undefined);
  expect(key).toMatch(/^[A-Za-z0-9._-]{1,200}$/);
  expect(nameInEntryKey(key)).toBe('customer[12]');
  expect(nameInEntryKey(entryKey(declareSession({ name: 'a_1' }), undefined))).toBe('a_1');
});

test('an exclusive session is written back after each test', () => {
  const [session] = expand({
    flow: './a.ts',
    parameters: { password: 'op://qa/a/password' },
    exclusive: true,
  });
  expect(session).toMatchObject({ exclusive: true, maxConcurrentUses: 1, writeBack: 'test' });
});

test('two accounts of a pool with the same references are named, also when a variable makes them the same', () => {
  const reference = (item: string) => ({ password: `op://qa/${item}/password` as const });
  const find = (...items: string[]) =>
    findSameAccounts(expand({ flow: './a.ts', accounts: items.map(reference) }, { ONE: 'jane' }));
  expect(find('jane', 'joe', 'jim')).toEqual([]);
  expect(find('jane', 'joe', '${ONE}').map(({ explanation }) => explanation.failed)).toEqual([
    'Session "customer": accounts 1 and 3 have the same parameters.',
  ]);
  expect(find('joe', 'joe', 'joe')).toHaveLength(2);
});

for (const [what, session, message] of [
  ['accounts that are all the same', { accounts: 2, parameters: { a: 'op://a/b/c' } }, '${account}'],
  ['a list of accounts and parameters', { accounts: [{}], parameters: {} }, 'each account'],
  ['no parameters', {}, 'missing'],
  ['no accounts', { accounts: [] }, 'a list of parameter sets'],
  ['an exclusive session for three', { parameters: {}, exclusive: true, maxConcurrentUses: 3 }, 'one use'],
  ['an exclusive session that keeps no state', { parameters: {}, exclusive: true, writeBack: false }, 'none'],
  ['a runtime session with accounts', { type: 'runtime', accounts: 2 }, 'There is no option "accounts"'],
  ['a wait of two days', { parameters: {}, maxWaitSeconds: 172_800 }, '86400'],
] as const)
  test(`refuses ${what}`, () => {
    expect(validate(session)).toThrow(message);
  });
