import { expect, test } from '@playwright/test';
import { newStoreKeyCommand } from '../../src/core/new-store-key.js';
import { wrapText } from '../../src/core/wrap-text.js';

const wrapped = (text: string, columns = 20) => wrapText(text, columns).split('\n');

test('a long line continues indented, and other lines stay as they are', () => {
  expect(wrapped('one two three four five six\nseven\n\n  eight')).toEqual([
    'one two three four',
    '  five six',
    'seven',
    '',
    '  eight',
  ]);
  expect(wrapText('exactly twenty chars', 20)).toBe('exactly twenty chars');
});

test('a list continues under the text of its entry', () => {
  expect(wrapped('  - one two three four five')).toEqual(['  - one two three', '      four five']);
});

test('a word or an address that is longer than a line stays whole', () => {
  const address = 'https://shop.example/account/sign-in';
  expect(wrapped(`The page was ${address} ("Sign in").`)).toEqual([
    'The page was',
    `  ${address}`,
    '  ("Sign in").',
  ]);
});

for (const [text, lines] of [
  [
    'For a trace, run: npx tool renew admin --trace FILE [ERR_X]',
    ['npx tool renew admin --trace FILE', '[ERR_X]'],
  ],
  [
    'Run "npx playwright install --with-deps chromium", or set X.',
    ['"npx playwright install --with-deps chromium",', 'or set X.'],
  ],
  ['Run npx tool install, or set another variable.', ['npx tool install,', 'or set another']],
  [`Create one: ${newStoreKeyCommand}. Keep it.`, [`${newStoreKeyCommand}.`, 'Keep it.']],
] as const)
  test(`a command is on one line: ${text}`, () => {
    const all = wrapped(text).map((line) => line.trim());
    for (const line of lines) expect(all).toContain(line);
  });

test('the line of a flow stays whole', () => {
  expect(wrapped('  - waiting for it (at Object.create (/suite/shop.ts:7:56)).')).toEqual([
    '  - waiting for it',
    '      (at Object.create (/suite/shop.ts:7:56)).',
  ]);
});

test('no line that continues another one looks like one of a stack', () => {
  expect(wrapped('  GET /api/me was at /suite/shop.ts:14:20 then')).toEqual([
    '  GET /api/me',
    '    was at /suite/shop.ts:14:20',
    '    then',
  ]);
});
