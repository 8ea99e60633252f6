import { expect, test } from '@playwright/test';
import { publicAddress, publicUrl, withPublicAddresses } from '../../src/core/public-url.js';

test('a base URL is told without the user and the password it may carry', () => {
  expect(publicUrl('https://me:hunter2@two.example/app?x=1')).toBe('https://two.example/app?x=1');
  expect(publicUrl('http://127.0.0.1:4310')).toBe('http://127.0.0.1:4310');
  expect(publicUrl(undefined)).toBeUndefined();
});

test('an @ in a path is no user', () => {
  expect(publicUrl('https://one.example/@me')).toBe('https://one.example/@me');
});

test('an address is told up to its query, and without a fragment that is no path', () => {
  for (const [address, told] of [
    ['https://me:hunter2@app.example/sign-in?token=abc#x', 'https://app.example/sign-in'],
    ['https://app.example/callback#access_token=abc', 'https://app.example/callback'],
    ['https://app.example/#/sign-in?token=abc', 'https://app.example/#/sign-in'],
    ['https://app.example/#!/sign-in', 'https://app.example/#!/sign-in'],
    ['http://127.0.0.1:4310', 'http://127.0.0.1:4310'],
    ['about:blank', 'about:blank'],
  ] as const)
    expect(publicAddress(address)).toBe(told);
});

test('every address in a text is told so, and the text around it stays', () => {
  const text =
    'page.goto: net::ERR_CONNECTION_REFUSED at https://app.example/x?token=abc\nCall log:\n' +
    '  - navigating to "https://me:pw@app.example/x?token=abc#t=1", waiting until "load" (see https://a.example/b?c=1).';
  expect(withPublicAddresses(text)).toBe(
    'page.goto: net::ERR_CONNECTION_REFUSED at https://app.example/x\nCall log:\n' +
      '  - navigating to "https://app.example/x", waiting until "load" (see https://a.example/b).',
  );
  expect(withPublicAddresses('no op://vault/item/field?attribute=otp')).toBe(
    'no op://vault/item/field?attribute=otp',
  );
});
