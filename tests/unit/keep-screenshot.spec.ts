import { readFileSync, statSync, symlinkSync, existsSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect } from '@playwright/test';
import { keepScreenshot } from '../../src/cli/engine/keep-screenshot.js';
import { AuthSessionsError } from '../../src/core/errors.js';
import { hasFileModes, test } from '../support/store/temporary-folder.js';

const nowMs = Date.UTC(2030, 0, 2, 3, 4, 5, 6);

test('keeps one screenshot for each session and time, and replaces none', async ({ folder }) => {
  const keep = (session: string, text: string, atMs = nowMs) =>
    keepScreenshot([failureOf(session, text)], { folder, nowMs: atMs });
  const files = [await keep('admin', 'one'), await keep('customer', 'two'), await keep('admin', 'three')];
  expect([...files, await keep('admin', 'four', nowMs + 1)].map((file) => basename(file ?? ''))).toEqual([
    'sign-in-of-admin-2030-01-02T03-04-05-006Z.png',
    'sign-in-of-customer-2030-01-02T03-04-05-006Z.png',
    'sign-in-of-admin-2030-01-02T03-04-05-006Z-2.png',
    'sign-in-of-admin-2030-01-02T03-04-05-007Z.png',
  ]);
  expect(files.map((file) => readFileSync(file ?? '', 'utf8'))).toEqual(['one', 'two', 'three']);
  if (hasFileModes) expect(statSync(files[0] ?? '').mode & 0o777).toBe(0o600);
});

test('writes through no link, and to no other folder, for any session name', async ({ folder }) => {
  test.skip(!hasFileModes, 'links need rights');
  const first = await keepScreenshot([failureOf('../../x', 'one')], { folder, nowMs });
  expect(first).toBe(join(folder, 'reports/output/sign-in-of-..-..-x-2030-01-02T03-04-05-006Z.png'));
  const planted = join(folder, 'reports/output/sign-in-of-admin-2030-01-02T03-04-05-006Z.png');
  symlinkSync(join(folder, 'victim'), planted);
  await keepScreenshot([failureOf('admin', 'two')], { folder, nowMs });
  expect(existsSync(join(folder, 'victim'))).toBe(false);
  expect(readdirSync(join(folder, 'reports/output'))).toContain(
    'sign-in-of-admin-2030-01-02T03-04-05-006Z-2.png',
  );
});

test('keeps nothing without a screenshot', async ({ folder }) => {
  const failure = new AuthSessionsError('ERR_SIGN_IN_FAILED', { failed: 'No.', next: 'Yes.' });
  expect(await keepScreenshot([failure], { folder, nowMs })).toBeUndefined();
  expect(readdirSync(folder)).toEqual([]);
});

function failureOf(session: string, text: string): AuthSessionsError {
  const screenshot = Buffer.from(text).toString('base64');
  const evidence = { url: '', title: '', screenshot };
  return new AuthSessionsError('ERR_SIGN_IN_FAILED', { failed: 'No.', next: 'Yes.' }, { session, evidence });
}
