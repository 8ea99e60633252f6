import { expect, test } from '@playwright/test';
import { judgeDeclared } from '../../fixtures/redaction/judge-declared.js';
import { examineDeclared } from '../../src/cli/doctor/declared-secrets.js';
import {
  declaredSecrets,
  declareSecrets,
  learnVariables,
  onDeclared,
  unsetVariables,
} from '../../src/wire/declared-secrets.js';
import { runRedactor, runSecrets } from '../../src/wire/process-memory.js';

const apiKey = 'sk_live_4eC39HqLyjWDarjtT1zdp7dc';
const later = 'set-by-a-global-setup-5561';

test('a declared value is known once the config is loaded, and a variable once it is set', () => {
  const calls: number[] = [];
  const options = {
    redact: {
      environment: ['SHOP_API_KEY', 'SHOP_LATER', 'SHOP_PIN'],
      values: () => {
        calls.push(1);
        return [{ name: 'header', value: 'Bearer abcdefghijkl0123456789' }, apiKey];
      },
    },
  };
  const env = { SHOP_API_KEY: apiKey, SHOP_PIN: '4711' };
  const heard: number[] = [];
  const forget = onDeclared((declared) => heard.push(declared.length));
  declareSecrets(options, { env, nowMs: 1000 });
  const redacted = runRedactor.redact(`${apiKey} abcdefghijkl0123456789 ${later}`);
  expect(redacted).toBe(`[redacted:redact.values 2] [redacted:header] ${later}`);
  expect(runRedactor.redactField('4711')).toBe('[redacted:SHOP_PIN]');
  expect(unsetVariables()).toEqual([{ name: 'SHOP_LATER', required: false }]);

  // UI mode loads a config again, in the same process and with other values.
  const rotated = 'sk_live_rotated_88f0a1b2c3';
  declareSecrets(options, { env: { ...env, SHOP_API_KEY: rotated }, nowMs: 2000 });
  expect(calls).toHaveLength(2);
  learnVariables({ SHOP_LATER: later });
  learnVariables({ SHOP_LATER: later });
  expect(runRedactor.redact(`${apiKey} ${rotated} ${later}`)).toBe(
    '[redacted:redact.values 2] [redacted:SHOP_API_KEY] [redacted:SHOP_LATER]',
  );
  expect(unsetVariables()).toEqual([]);
  expect(heard).toEqual([3, 4, 5, 6]);
  const values = declaredSecrets().map(({ value }) => value);
  expect(new Set(values).size).toBe(values.length);
  expect(runSecrets.map(({ value }) => value)).toEqual(values);
  expect(new Set(runSecrets.map(({ sinceMs }) => sinceMs))).toEqual(new Set([1000]));

  forget();
  learnVariables({ SHOP_LATER: 'one-more-5562' });
  expect(heard).toHaveLength(4);
});

test('a run warns of a value that cannot be searched for, and of a name that looks misspelt', () => {
  const declared = [
    { label: 'SHOP_PIN', value: '4711' },
    { label: 'SHOP_ROLE', value: 'Password' },
    { label: 'SHOP_API_KEY', value: apiKey },
  ];
  const unset = ['SHOP_TOKN', 'SHOP_API_KEZ', 'SHOP_OTHER'];
  const env = { SHOP_TOKEN: 'x', SHOP_API_KEY: apiKey, SHOP_API_URL: 'x' };
  expect(judgeDeclared({ declared, unset, env })).toEqual([
    'SHOP_PIN has fewer than 6 characters: it is redacted in fields only. Use a longer value.',
    'SHOP_ROLE is a common word in reports: it is redacted in fields only. Use a longer value.',
    'redact.environment names SHOP_TOKN, which is not set. Did you mean SHOP_TOKEN, which is?',
  ]);
});

test('doctor reports what is not set and what is short, and else what is known', () => {
  const key = { label: 'SHOP_API_KEY', value: apiKey };
  expect(examineDeclared({ declared: [key, { ...key, value: 'a part' }], unset: [], env: {} })).toEqual([
    { result: 'ok', seen: 'Other declared secrets: SHOP_API_KEY' },
  ]);
  const unset = [
    { name: 'SHOP_TOKN', required: true },
    { name: 'SHOP_OTHER', required: false },
  ];
  const declared = [key, { label: 'SHOP_PIN', value: '4711' }];
  const found = examineDeclared({ declared, unset, env: { SHOP_TOKEN: 'x', SHOP_API_KEY: apiKey } });
  expect(found.map(({ result, seen }) => [result, seen])).toEqual([
    ['trouble', 'SHOP_TOKN of redact.environment is not set.'],
    ['warning', 'SHOP_OTHER of redact.environment is not set.'],
    ['warning', 'SHOP_PIN has fewer than 6 characters.'],
  ]);
  expect(found[0]?.next).toBe('Set it, or use SHOP_TOKEN if you meant that.');
});
