import { expect, test } from '@playwright/test';
import { formatSuggestion, suggestName } from '../../src/core/suggest-name.js';

for (const [name, known, meant] of [
  ['admn', ['customer', 'admin'], 'admin'],
  ['ADMIN', ['customer', 'admin'], 'admin'],
  ['admin', ['audit', 'ADMIN'], 'ADMIN'],
  ['custommer-de', ['customer', 'customer-de'], 'customer-de'],
  ['cstmr-germany', ['admin', 'customer-germany'], 'customer-germany'],
  ['visitor', ['admin', 'customer'], undefined],
  ['admin', [], undefined],
  ['', ['admin'], undefined],
] as const)
  test(`takes "${name}" among ${JSON.stringify(known)} for ${meant ?? 'nothing'}`, () => {
    expect(suggestName(name, known)).toBe(meant);
  });

test('suggests the one that was meant, or tells what there is', () => {
  expect(formatSuggestion('admn', ['admin', 'customer'])).toBe('Did you mean "admin"?');
  expect(formatSuggestion('visitor', ['admin', 'customer'])).toBe('Known: "admin", "customer".');
  expect(formatSuggestion('visitor', [])).toBe('None exist.');
});
