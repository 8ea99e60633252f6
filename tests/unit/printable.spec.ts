import { expect, test } from '@playwright/test';
import { printable, printableJson } from '../../src/core/printable.js';

for (const [what, text, printed] of [
  ['a line break', 'a\r\n\tb', 'a\\r\\n\\tb'],
  ['an escape sequence', '\u001b[2Ja\u009b1m', '\\u001b[2Ja\\u009b1m'],
  ['a separator of lines', 'a\u2028b\u2029c', 'a\\u2028b\\u2029c'],
  ['a change of direction', 'a\u202egnp.exe', 'a\\u202egnp.exe'],
  ['an invisible character', 'a\u200bb\u00adc\ufeff', 'a\\u200bb\\u00adc\\ufeff'],
  ['half of a surrogate pair', 'a\ud83d', 'a\\ud83d'],
  ['an invisible character beyond the first plane', 'a\u{e0041}', 'a\\U000e0041'],
  ["GitHub's commands", '::error::a', '\\u003a:error\\u003a:a'],
  ['colons in a row', ':::', '\\u003a\\u003a:'],
  ["GitHub's older commands", 'a##[error]b', 'a\\u0023#[error]b'],
  ["Azure's commands", '##vso[task]', '\\u0023#vso[task]'],
] as const)
  test(`writes ${what} as an escape`, () => {
    expect(printable(text)).toBe(printed);
  });

test('leaves other names as they are', () => {
  const names = ['Grüße – 日本語 👍.txt', 'C:\\Temp\\a b#1.txt', "it's [0] «x» 50%: yes"];
  expect(names.map(printable)).toEqual(names);
});

test('JSON on one line means the same and has no commands in it', () => {
  const data = { file: 'a\n##[error]\u001b\u009b\u202e\u{e0041}::x', members: ['##vso[x]'] };
  const json = printableJson(JSON.stringify(data));
  expect(JSON.parse(json)).toEqual(data);
  expect(json).not.toMatch(/##|[^\x20-\x7e]/);
});
