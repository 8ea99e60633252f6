import { expect, test } from '@playwright/test';
import { addressOf, namesOf, whyNoAddress, whyNoSessions } from '../../src/cli/init/typed-names.js';

test('a name that is given twice is one session', () => {
  expect(namesOf(' admin, auditor,,admin ')).toEqual(['admin', 'auditor']);
  expect(namesOf(undefined)).toEqual([]);
});

test('names that differ only in case or punctuation would share their credentials, so they are rejected', () => {
  expect(whyNoSessions(['admin', 'shop-admin', 'shopadmin'])).toBeUndefined();
  for (const [first = '', second = ''] of [
    ['admin', 'Admin'],
    ['shop-admin', 'shop.admin'],
    ['shop_admin', 'shop--admin'],
    ['admin', 'admin-'],
  ])
    expect(whyNoSessions(['guest', first, second])).toContain(
      `"${first}" and "${second}" have the same keys`,
    );
});

test('an address of an application is a web address, with a scheme or a port', () => {
  expect(addressOf(' localhost:3000 ')).toBe('http://localhost:3000');
  expect(addressOf('https://shop.example/app/')).toBe('https://shop.example/app/');
  expect(['', 'localhost:3000', 'https://shop.example'].map(whyNoAddress)).toEqual(Array(3).fill(undefined));
  for (const text of ['shop', '/sign-in', 'ftp://shop.example', 'https://ada:secret@shop.example'])
    expect(whyNoAddress(text), text).toMatch(/^Write it in full, as in http:\/\/localhost:3000/);
});
