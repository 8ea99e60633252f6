import { expect, test } from '@playwright/test';
import { AuthSessionsError, joinErrors } from '../../src/core/errors.js';
import { formatLines } from '../../src/core/format-lines.js';

const wrong = (failed: string) => new AuthSessionsError('ERR_CONFIG_INVALID', { failed, next: 'Fix it.' });

test('a message has a line for each of its parts', () => {
  const error = new AuthSessionsError('ERR_CONFIG_INVALID', {
    failed: 'It failed.',
    known: 'This is known.',
    next: 'Do that.',
  });
  expect(formatLines(error)).toBe('It failed.\nThis is known.\nDo that. [ERR_CONFIG_INVALID]');
});

test('the errors of a list have the same indent', () => {
  const lines = formatLines(joinErrors([wrong('One failed.'), wrong('Another failed.')])).split('\n');
  expect(lines).toEqual([
    '2 things are wrong.',
    '  - One failed. Fix it. [ERR_CONFIG_INVALID]',
    '  - Another failed. Fix it. [ERR_CONFIG_INVALID]',
    'Fix them all, then run again. [ERR_CONFIG_INVALID]',
  ]);
});
