import { expect, test } from '@playwright/test';
import type { Facts } from '../../src/cli/doctor/gather-facts.js';
import { tokenExpiry } from '../../src/cli/doctor/token-expiry.js';
import { defineVault } from '../../src/core/defined-vault.js';
import { SecretValue } from '../../src/core/secret-value.js';
import type { SuiteOptions } from '../../src/core/suite-options.js';
import { formatTokenExpiry, isNear, tokenExpiries } from '../../src/core/token-expiry.js';
import type { ConnectionName } from '../../src/core/vault-connection.js';

const nowMs = Date.parse('2027-01-17T23:59:59Z');
const until = (tokenExpires: string, atMs = nowMs) =>
  tokenExpiries({ onePassword: { tokenExpires } }, [undefined], atMs);
const read = (tokenExpires: string) =>
  until(tokenExpires).map((expiry) => [isNear(expiry), formatTokenExpiry(expiry)]);

test('a token is near its end from the fourteenth day before it, and afterwards', () => {
  const variable = 'OP_SERVICE_ACCOUNT_TOKEN';
  expect(read('2027-02-01')).toEqual([[false, `${variable} expires in 15 days, on 2027-02-01`]]);
  expect(read('2027-01-31')).toEqual([[true, `${variable} expires in 14 days, on 2027-01-31`]]);
  expect(read('2027-01-18')).toEqual([[true, `${variable} expires in 1 day, on 2027-01-18`]]);
  expect(read('2027-01-17')).toEqual([[true, `${variable} expires today`]]);
  expect(read('2027-01-16')).toEqual([[true, `${variable} expired on 2027-01-16`]]);
});

test('the days that are left are the same all day', () => {
  const days = ['2027-01-17T00:00:00Z', '2027-01-17T12:00:00Z', '2027-01-17T23:59:59.999Z'];
  expect(days.map((time) => until('2027-01-20', Date.parse(time))[0]?.daysLeft)).toEqual([3, 3, 3]);
});

test('each connection has its own date, and a defined vault has none', () => {
  const resolveAll = () => Promise.resolve(new Map<string, string>());
  const suite: SuiteOptions = {
    vaults: {
      'acme-qa': { tokenExpires: '2027-01-18' },
      other: {},
      hashicorp: defineVault({ name: 'hashicorp', resolveAll }),
    },
  };
  expect(tokenExpiries(suite, [undefined, 'acme-qa', 'other', 'hashicorp'], nowMs)).toEqual([
    { variable: 'OP_SERVICE_ACCOUNT_TOKEN_ACME_QA', date: '2027-01-18', daysLeft: 1 },
  ]);
});

test('doctor warns of tokens that expire soon, and of no other credential', async () => {
  const examine = (names: readonly ConnectionName[]) => {
    const options: SuiteOptions = {
      onePassword: { tokenExpires: '2027-06-30' },
      vaults: { staging: { tokenExpires: '2027-01-20' } },
    };
    const tokens = new Map(names.map((name) => [name, new SecretValue('ops_a', 'token')]));
    const facts = { sessions: { is: { options } }, tokens, context: { clock: { nowMs: () => nowMs } } };
    return tokenExpiry.examine(facts as unknown as Facts);
  };
  expect(await examine([])).toEqual([]);
  expect(await examine([undefined, 'staging'])).toEqual([
    { result: 'ok', seen: 'OP_SERVICE_ACCOUNT_TOKEN expires in 164 days, on 2027-06-30' },
    {
      result: 'warning',
      seen: 'OP_SERVICE_ACCOUNT_TOKEN_STAGING expires in 3 days, on 2027-01-20.',
      known: 'The date is that of tokenExpires in the sessions file.',
      next: 'Create a new token, set OP_SERVICE_ACCOUNT_TOKEN_STAGING where runs start, and change tokenExpires.',
    },
  ]);
});
