import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import { summariseRun } from '../../src/broker/summarise-run.js';
import { removeSummary, writeSummary } from '../../src/run/write-summary.js';
import { test } from '../support/store/temporary-folder.js';

const summary = summariseRun({
  ...{ environment: 'local', store: 'memory', startedAtMs: 0, endedAtMs: 0 },
  ...{ events: [], uses: [], accesses: [], codeReferences: new Set<string>(), vaultRequests: 0, codes: 0 },
});

test('writes auth-sessions.json, and nothing beside it', async ({ folder }) => {
  const output = join(folder, 'reports/output');
  await writeSummary(output, summary);
  expect(await readdir(output)).toEqual(['auth-sessions.json']);
  expect(JSON.parse(await readFile(join(output, 'auth-sessions.json'), 'utf8'))).toEqual(summary);
});

test('replaces what an earlier run wrote', async ({ folder }) => {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'auth-sessions.json'), 'x'.repeat(5000));
  await writeSummary(folder, summary);
  expect(JSON.parse(await readFile(join(folder, 'auth-sessions.json'), 'utf8'))).toEqual(summary);
});

test('takes what several runs write at the same time, and leaves one of them', async ({ folder }) => {
  await Promise.all(Array.from({ length: 20 }, () => writeSummary(folder, summary)));
  expect(await readdir(folder)).toEqual(['auth-sessions.json']);
  expect(JSON.parse(await readFile(join(folder, 'auth-sessions.json'), 'utf8'))).toEqual(summary);
});

test('leaves no temporary file when it fails', async ({ folder }) => {
  await mkdir(join(folder, 'auth-sessions.json/in-the-way'), { recursive: true });
  await expect(writeSummary(folder, summary)).rejects.toThrow();
  expect(await readdir(folder)).toEqual(['auth-sessions.json']);
});

test('writes the page beside it, and a new run removes both', async ({ folder }) => {
  await writeSummary(folder, summary, ({ environment }) => `a page of ${environment}`);
  expect(await readdir(folder)).toEqual(['auth-sessions.html', 'auth-sessions.json']);
  expect(await readFile(join(folder, 'auth-sessions.html'), 'utf8')).toBe('a page of local');
  await removeSummary(folder);
  expect(await readdir(folder)).toEqual([]);
});
