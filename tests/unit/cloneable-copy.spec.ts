import { deserialize, serialize } from 'node:v8';
import { expect, test } from '@playwright/test';
import { cloneableCopy } from '../../src/browser/cloneable-copy.js';

const log = () => undefined;

test('keeps what can be sent', () => {
  const value = {
    ...{ text: 'a', number: 1, no: false, nothing: null, big: 1n, list: [1, { two: 2 }], empty: {} },
    ...{ bytes: Buffer.from('pfx'), words: new Uint16Array([1, 2]), when: new Date(0), like: /a/gi },
    ...{
      map: new Map([['a', 1]]),
      set: new Set([1]),
      bare: Object.assign(Object.create(null) as object, { a: 1 }),
    },
  };
  const copy = cloneableCopy(value);
  expect(copy).toEqual(value);
  expect(Buffer.isBuffer((copy as typeof value).bytes)).toBe(true);
  expect(deserialize(serialize(copy))).toEqual(value);
});

class OwnLogger {
  level = 'info';
  log = log;
}

for (const [what, value, left] of [
  ['a function', { log, text: 'a' }, { text: 'a' }],
  ['a symbol', { one: Symbol('a'), text: 'a' }, { text: 'a' }],
  ['what is made of functions only', { logger: { log, isEnabled: log }, text: 'a' }, { text: 'a' }],
  ['an instance of an own class', { logger: new OwnLogger(), text: 'a' }, { text: 'a' }],
  ['a promise', { later: Promise.resolve(), text: 'a' }, { text: 'a' }],
  ['a map of functions', { map: new Map([['a', log]]), text: 'a' }, { text: 'a' }],
  ['a function in a list', { list: ['a', log, { log, b: 1 }] }, { list: ['a', { b: 1 }] }],
  ['a function deep down', { one: { two: { log, text: 'a' } } }, { one: { two: { text: 'a' } } }],
] as const)
  test(`leaves out ${what}`, () => {
    const copy = cloneableCopy(value);
    expect(copy).toEqual(left);
    expect(deserialize(serialize(copy))).toEqual(left);
  });

test('comes to an end where an object is in itself', () => {
  const value: Record<string, unknown> = { text: 'a', log };
  value.self = value;
  const copy = cloneableCopy(value) as typeof value;
  expect(copy.self).toBe(copy);
  expect(Object.keys(copy)).toEqual(['text', 'self']);
});
