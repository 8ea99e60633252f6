import { expect, test } from '@playwright/test';
import { addressOf, namesOf, whyNoAddress } from '../../src/cli/init/ask-questions.js';

test('a name that is given twice is one session', () => {
  expect(namesOf(' admin, auditor,,admin ')).toEqual(['admin', 'auditor']);
  expect(namesOf(undefined)).toEqual([]);
});

test('an address of an application is a web address, with a scheme or a port', () => {
  expect(addressOf(' localhost:3000 ')).toBe('http://localhost:3000');
  expect(addressOf('https://shop.example/app/')).toBe('https://shop.example/app/');
  expect(['', 'localhost:3000', 'https://shop.example'].map(whyNoAddress)).toEqual(Array(3).fill(undefined));
  for (const text of ['shop', '/sign-in', 'ftp://shop.example', 'https://ada:secret@shop.example'])
    expect(whyNoAddress(text), text).toMatch(/^Write it in full, as in http:\/\/localhost:3000/);
});
