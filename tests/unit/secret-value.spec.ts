import { format, inspect } from 'node:util';
import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { SecretValue } from '../../src/core/secret-value.js';

const secret = new SecretValue('hunter2', 'admin.password');

test('gives its value when it is revealed', () => {
  expect(secret.reveal()).toBe('hunter2');
});

for (const [how, text] of [
  ['as a text', String(secret)],
  ['in a template', `the password is ${String(secret)}`],
  ['joined', ['', secret, ''].join('')],
  ['by inspect', inspect(secret)],
  ['by inspect, with all it has', inspect(secret, { showHidden: true, depth: Infinity, getters: true })],
  ['by console.log', format('%s %o %O %j', secret, secret, secret, secret)],
  ['inside of something', inspect({ of: [new Map([['admin', secret]])] }, { depth: Infinity })],
  ['as JSON', JSON.stringify({ secret })],
  ['copied', JSON.stringify(Object.assign({}, secret))],
  ['cloned', inspect(structuredClone(secret), { showHidden: true })],
  ['in an error', String(new Error('no', { cause: secret }).cause)],
] as const)
  test(`prints its label ${how}, and never its value`, () => {
    expect(text).toContain('admin.password');
    expect(text).not.toContain('hunter2');
  });

test('prints [secret label]', () => {
  expect(`${String(secret)} ${inspect(secret)} ${JSON.stringify(secret)}`).toBe(
    '[secret admin.password] [secret admin.password] "[secret admin.password]"',
  );
});

test('prints the same for every value', () => {
  fc.assert(
    fc.property(fc.string(), (value) => {
      const other = new SecretValue(value, 'x');
      expect([String(other), inspect(other), JSON.stringify(other)]).toEqual([
        '[secret x]',
        '[secret x]',
        '"[secret x]"',
      ]);
      expect(other.reveal()).toBe(value);
    }),
  );
});
