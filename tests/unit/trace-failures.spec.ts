import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect } from '@playwright/test';
import { traceFailures, type TraceFailuresOptions } from '../../src/broker/trace-failures.js';
import { SecretValue } from '../../src/core/secret-value.js';
import { createRedactor } from '../../src/redaction/redactor.js';
import { hasFileModes, test } from '../support/store/temporary-folder.js';

test('keeps none unless the suite asks, nor without an output folder, as in a script', ({ folder }) => {
  expect(create({ signInTrace: undefined, folders: [folder] }).trace).toBeUndefined();
  expect(create({ signInTrace: 'off', folders: [folder] }).trace).toBeUndefined();
  expect(create({ folders: [] }).trace).toBeUndefined();
  expect(create({ folders: [folder] }).trace?.when).toBe('on-failure');
});

test('writes a redacted file for this user only, below the output folder for any session name', async ({
  folder,
}) => {
  const { trace, warnings } = create({ folders: [folder] });
  const file = await trace?.keep(async (raw) => writeFile(raw, 'typed hunter-22-hunter'), '../admin#2');
  expect(file).toBe(path.join(folder, 'sign-in-traces', '..-admin-2-id.zip'));
  expect(await readFile(file ?? '', 'utf8')).toBe('typed [redacted:admin.password]');
  if (hasFileModes) expect((await stat(file ?? '')).mode & 0o777).toBe(0o600);
  expect(warnings).toEqual([]);
});

test('a trace that cannot be saved, or would replace a file, is a warning without a value', async ({
  folder,
}) => {
  const { trace, warnings } = create({ folders: [folder] });
  expect(await trace?.keep(() => Promise.reject(new Error('hunter-22-hunter')), 'admin')).toBeUndefined();
  const save = async (raw: string) => writeFile(raw, 'x');
  expect(await trace?.keep(save, 'admin')).toBeDefined();
  expect(await trace?.keep(save, 'admin')).toBeUndefined();
  expect(warnings).toEqual([
    'The trace of the sign-in of "admin" was not written: Playwright did not save it within 15 s',
    expect.stringContaining('EEXIST'),
  ]);
  expect(await readdir(path.join(folder, 'sign-in-traces'))).toHaveLength(1);
});

function create(more: Partial<TraceFailuresOptions>) {
  const redactor = createRedactor();
  redactor.add(new SecretValue('hunter-22-hunter', 'admin.password'));
  const warnings: string[] = [];
  const trace = traceFailures({
    ...{ signInTrace: 'on-failure', folders: [], redactor, newId: () => 'id', ...more },
    onWarning: (text) => void warnings.push(text),
  });
  return { trace, warnings };
}
