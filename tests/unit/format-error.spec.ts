import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { errorsOf } from '../../src/cli/terminal/format-error.js';

test('what the file system refuses is told with its code and its path', async () => {
  const file = path.join(import.meta.dirname, 'not there');
  const refused: unknown = await readFile(file).catch((error: unknown) => error);
  expect(errorsOf(refused).map(({ code, explanation }) => [code, explanation.known])).toEqual([
    ['ERR_FILE_UNUSABLE', `The system reported ENOENT of ${file}.`],
  ]);
});

test('whatever else nobody foresaw is told by its kind, and never by its text', () => {
  const [told] = errorsOf(new RangeError('a value'));
  expect(told?.explanation.known).toMatch(/^A RangeError was thrown at .*format-error\.spec\.ts/);
  expect(
    errorsOf(Object.assign(new Error('a value'), { code: 'a value', path: '/x' }))[0]?.message,
  ).not.toContain('a value');
});
