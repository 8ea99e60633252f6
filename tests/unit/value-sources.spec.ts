import { expect, test } from '@playwright/test';
import { likelySource } from '../../src/core/likely-source.js';
import { parseSecretReference } from '../../src/core/secret-reference.js';
import { valueSources } from '../../src/credentials/value-sources.js';
import { declareSession } from '../support/declared-session.js';

const refer = (field: string) => parseSecretReference(`op://qa/acme/${field}`);
const session = declareSession({
  values: new Map([
    ['username', refer('username')],
    ['password', refer('password')],
    ['mailbox.password', refer('mail')],
  ]),
  code: refer('otp?attribute=otp'),
});

test('each value that a flow gets has its reference, or the place that its vault names', () => {
  expect([...valueSources(session, {})]).toEqual([
    ['username', 'op://qa/acme/username'],
    ['password', 'op://qa/acme/password'],
    ['code', 'op://qa/acme/otp?attribute=otp'],
  ]);
  const locate = () => 'KEY in .env.auth-sessions';
  expect(valueSources(session, { locate }).get('password')).toBe('KEY in .env.auth-sessions');
});

test('the password is the value to look at first, or else the one that was typed last', () => {
  const sources = valueSources(session, {});
  const parameterOf = (parameters: readonly string[]) => likelySource(parameters, sources)?.parameter;
  expect(parameterOf(['username', 'password'])).toBe('password');
  expect(parameterOf(['code', 'username'])).toBe('code');
  expect(parameterOf(['unknown'])).toBeUndefined();
});
