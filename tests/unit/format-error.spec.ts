import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { AuthSessionsError } from '../../src/core/errors.js';
import { createStyle } from '../../src/cli/terminal/style.js';
import { errorsOf, formatError } from '../../src/cli/terminal/format-error.js';

test('a file system error is reported with its code and path', async () => {
  const file = path.join(import.meta.dirname, 'not there');
  const refused: unknown = await readFile(file).catch((error: unknown) => error);
  expect(errorsOf(refused).map(({ code, explanation }) => [code, explanation.known])).toEqual([
    ['ERR_FILE_UNUSABLE', `The system reported ENOENT of ${file}.`],
  ]);
});

test('an unexpected error is reported by its kind, and never by its text', () => {
  const [told] = errorsOf(new RangeError('a value'));
  expect(told?.explanation.known).toMatch(/^A RangeError was thrown at .*format-error\.spec\.ts/);
  expect(
    errorsOf(Object.assign(new Error('a value'), { code: 'a value', path: '/x' }))[0]?.message,
  ).not.toContain('a value');
});

test('an error keeps the lines of its known part', () => {
  const error = new AuthSessionsError('ERR_SIGN_IN_FAILED', {
    failed: 'Session "admin": its sign-in failed.',
    known: 'locator.click: Timeout exceeded.\nCall log:\n  - waiting for it\n\nThe page was /sign-in.',
    next: '\nFix the flow.',
  });
  expect(formatError(error, createStyle({ env: {}, isTerminal: false })).split('\n')).toEqual([
    '✗ Session "admin": its sign-in failed. [ERR_SIGN_IN_FAILED]',
    '  locator.click: Timeout exceeded.',
    '  Call log:',
    '  - waiting for it',
    '  The page was /sign-in.',
    '  Fix the flow.',
  ]);
});
