import { expect, test } from '@playwright/test';
import { publicUrl, withPublicUrls } from '../../src/core/public-url.js';
import { cleanMessage } from '../../src/flow/clean-message.js';

test('an address is shown without user, password, query and fragment', () => {
  expect(publicUrl('https://me:hunter2@two.example/app?x=1#y')).toBe('https://two.example/app');
  expect(publicUrl('https://two.example/app#access_token=x?y')).toBe('https://two.example/app');
  expect(publicUrl('http://127.0.0.1:4310')).toBe('http://127.0.0.1:4310');
  expect(publicUrl('/sign-in?ticket=ST-1')).toBe('/sign-in');
  expect(publicUrl('about:blank')).toBe('about:blank');
  expect(publicUrl(undefined)).toBeUndefined();
});

test('an @ in a path is no user', () => {
  expect(publicUrl('https://one.example/@me')).toBe('https://one.example/@me');
});

test('an address keeps a fragment that is a path', () => {
  for (const [address, kept] of [
    ['https://app.example/#/sign-in?token=abc', 'https://app.example/#/sign-in'],
    ['https://app.example/#!/sign-in', 'https://app.example/#!/sign-in'],
    ['https://me:hunter2@app.example/sign-in?token=abc#/x', 'https://app.example/sign-in'],
  ] as const)
    expect(publicUrl(address)).toBe(kept);
});

test('a secret reference keeps its query', () => {
  expect(withPublicUrls('no op://vault/item/field?attribute=otp')).toBe(
    'no op://vault/item/field?attribute=otp',
  );
});

test('an address that holds its page itself is shown as its scheme', () => {
  expect(publicUrl('data:text/html,<p>secret</p>')).toBe('data:…');
  expect(publicUrl('blob:https://one.example/1')).toBe('blob:…');
});

test('every address within a text is shown this way, and the text around it stays', () => {
  expect(
    withPublicUrls(
      'goto: failed at https://a.example/x?token=1. Saw "wss://u:p@b.example/y#z", (http://c.example/?q), https://d.example/.',
    ),
  ).toBe(
    'goto: failed at https://a.example/x. Saw "wss://b.example/y", (http://c.example/), https://d.example/.',
  );
  expect(withPublicUrls('what? at file:///project/flow.ts?v=1:3:5')).toBe(
    'what? at file:///project/flow.ts?v=1:3:5',
  );
});

test('the message of a flow that fails has no query of a page in it', () => {
  const message =
    'page.goto: net::ERR_ABORTED at https://a.example/in?code=4711\nCall log:\n' +
    '  - navigating to "https://a.example/in?code=4711", waiting until "load"';
  expect(cleanMessage(new Error(message), (text) => text)).toBe(
    'page.goto: net::ERR_ABORTED at https://a.example/in\nCall log:\n' +
      '  - navigating to "https://a.example/in", waiting until "load"',
  );
});
