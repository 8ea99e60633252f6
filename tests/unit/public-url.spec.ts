import { expect, test } from '@playwright/test';
import { publicUrl } from '../../src/core/public-url.js';

test('a base URL is told without the user and the password it may carry', () => {
  expect(publicUrl('https://me:hunter2@two.example/app?x=1')).toBe('https://two.example/app?x=1');
  expect(publicUrl('http://127.0.0.1:4310')).toBe('http://127.0.0.1:4310');
  expect(publicUrl(undefined)).toBeUndefined();
});

test('an @ in a path is no user', () => {
  expect(publicUrl('https://one.example/@me')).toBe('https://one.example/@me');
});
