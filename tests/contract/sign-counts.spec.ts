import { mkdir, readdir, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import { createEncryptedFileStore } from '../../src/store/encrypted-file.js';
import { createFileSignCounts } from '../../src/store/file-sign-counts.js';
import { createMemorySignCounts } from '../../src/store/memory-sign-counts.js';
import { startChild, withChildren } from '../support/store/node-child.js';
import { testSignCounts } from '../support/store/sign-counts-contract.js';
import { systemClock } from '../support/store/system-clock.js';
import { hasFileModes, test } from '../support/store/temporary-folder.js';

const ofFiles = (folder: string, clock = systemClock) =>
  createFileSignCounts({ clock, folder, store: createEncryptedFileStore({ clock, folder }) });

testSignCounts('signature counters in memory', () => createMemorySignCounts());

testSignCounts('signature counters in files', ({ folder }) => ofFiles(folder));

testSignCounts('signature counters in files, of a new process for every call', ({ folder }) => ({
  reserve: async (...given) => ofFiles(folder).reserve(...given),
}));

test('four processes that reserve counters of one passkey get different ones', async ({ folder }) => {
  const children = Array.from({ length: 4 }, () => startChild('child-sign-counts.ts', [folder, '20']));
  const bases = await withChildren(children, async () => {
    const messages = await Promise.all(children.map(async (child) => child.nextMessage()));
    return messages.flatMap((text) => JSON.parse(String(text)) as number[]);
  });
  expect(bases.sort((a, b) => a - b)).toEqual(Array.from({ length: 80 }, (_, index) => index * 10));
});

test('signature counters in files are for this user alone', async ({ folder }) => {
  test.skip(!hasFileModes, 'Windows has no such modes');
  const store = join(folder, '.auth-sessions');
  await ofFiles(store).reserve('one', { after: 0, count: 1 });
  expect((await stat(join(store, 'sign-counts'))).mode & 0o777).toBe(0o700);
  expect((await stat(join(store, 'sign-counts', 'one.count'))).mode & 0o777).toBe(0o600);
});

for (const text of ['', 'x', '-1', '1.5', '99999999999', '4294967296'])
  test(`a file that does not contain a signature counter is an error and no zero: "${text}"`, async ({
    folder,
  }) => {
    await mkdir(join(folder, 'sign-counts'), { mode: 0o700 });
    await writeFile(join(folder, 'sign-counts', 'one.count'), text, { mode: 0o600 });
    const reserved = ofFiles(folder).reserve('one', { after: 0, count: 1 });
    await expect(reserved).rejects.toMatchObject({ code: 'ERR_STORE_UNWRITABLE' });
  });

test('the counter of a new passkey removes those that were not used for more than a year', async ({
  folder,
}) => {
  for (const name of ['old', 'young']) await ofFiles(folder).reserve(name, { after: 0, count: 1 });
  const longAgo = new Date(Date.now() - 401 * 24 * 60 * 60_000);
  await utimes(join(folder, 'sign-counts', 'old.count'), longAgo, longAgo);
  await ofFiles(folder).reserve('new', { after: 0, count: 1 });
  expect((await readdir(join(folder, 'sign-counts'))).sort()).toEqual(['new.count', 'young.count']);
});
