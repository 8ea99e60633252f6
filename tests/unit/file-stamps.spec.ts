import { mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test as base } from '@playwright/test';
import { haveChanged, stampFiles } from '../../src/files/file-stamps.js';

const test = base.extend<{ file: string }>({
  file: async ({}, use) => {
    const folder = await mkdtemp(path.join(tmpdir(), 'file-stamps-'));
    await use(path.join(folder, 'flow.ts'));
    await rm(folder, { recursive: true });
  },
});

const past = { sinceMs: Number.MAX_SAFE_INTEGER };

test('a file that is written, created or removed has changed', async ({ file }) => {
  const none = stampFiles([file], past);
  expect(haveChanged(none)).toBe(false);
  await writeFile(file, 'one');
  expect(haveChanged(none)).toBe(true);
  const one = stampFiles([file], past);
  expect(haveChanged(one)).toBe(false);
  // Of the same length, at another time.
  await writeFile(file, 'two');
  await utimes(file, 1, 2);
  expect(haveChanged(one)).toBe(true);
  const two = stampFiles([file], past);
  await rm(file);
  expect(haveChanged(two)).toBe(true);
});

test('a file that was written while it was read counts as changed', async ({ file }) => {
  await writeFile(file, 'one');
  await utimes(file, 10, 10);
  expect(haveChanged(stampFiles([file], { sinceMs: 10_001 }))).toBe(false);
  expect(haveChanged(stampFiles([file], { sinceMs: 10_000 }))).toBe(true);
});

test('a folder in the way of a file is no error', ({ file }) => {
  expect(haveChanged(stampFiles([path.join(file, 'below')], past))).toBe(false);
});
