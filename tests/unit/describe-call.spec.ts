import { expect, test } from '@playwright/test';
import { describeCall } from '../../src/flow/describe-call.js';

const secret = 'correct horse';
const words = {
  locate: (selector: string) => `locator(${selector})`,
  redact: (text: string) => text.replaceAll(secret, '[redacted:admin.password]'),
};

const calls: readonly (readonly [string, string, Record<string, unknown>, string])[] = [
  ['Frame', 'goto', { url: '/sign-in' }, 'goto /sign-in'],
  ['Frame', 'goto', { url: 'https://me:pw@app.example/a?code=123#x' }, 'goto https://app.example/a?…'],
  ['Frame', 'goto', { url: 'https://app.example' }, 'goto https://app.example/'],
  ['Frame', 'goto', { url: 'data:text/html,<p>x' }, 'goto data:…'],
  ['Frame', 'fill', { selector: 'a', value: secret }, 'fill locator(a) [redacted:admin.password]'],
  ['Frame', 'fill', { selector: 'a', value: `${secret}!` }, 'fill locator(a) [typed]'],
  ['Frame', 'fill', { selector: 'a', value: 'CORRECT HORSE' }, 'fill locator(a) [typed]'],
  ['Frame', 'type', { selector: 'a', text: 'x' }, 'type locator(a) [typed]'],
  ['Frame', 'press', { selector: 'a', key: 'Enter' }, 'press locator(a) Enter'],
  ['Frame', 'press', { selector: 'a', key: 'x' }, 'press locator(a) [typed]'],
  ['Page', 'keyboardPress', { key: 'Shift+A' }, 'press [typed]'],
  ['Frame', 'click', { selector: secret }, 'click locator([redacted:admin.password])'],
  ['Frame', 'waitForSelector', { selector: 'a' }, 'wait for locator(a)'],
  ['Frame', 'evaluateExpression', { expression: `x("${secret}")`, arg: {} }, 'evaluate'],
  ['Frame', 'selectOption', { selector: 'a', options: [{ value: 'b' }] }, 'selectOption locator(a)'],
  ['APIRequestContext', 'fetch', { url: '/api/me?x=1', method: 'POST', postData: secret }, 'POST /api/me?…'],
  ['APIRequestContext', 'fetch', { url: `/users/${secret}` }, 'GET /users/[redacted:admin.password]'],
  ['Page', '__waitInfo__', { event: 'popup', phase: 'before' }, 'wait for popup'],
  ['Page', '__waitInfo__', { event: '', phase: 'before' }, 'wait for a navigation'],
];

test('describes calls in words, with the names of secrets instead of typed values', () => {
  const told = calls.map(([type, method, params]) => describeCall({ type, method, params }, words));
  expect(told).toEqual(calls.map(([, , , text]) => text));
});
