import { readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import { createEncryptedFileStore } from '../../src/store/encrypted-file.js';
import { startChild, withChildren } from '../support/store/node-child.js';
import { systemClock } from '../support/store/system-clock.js';
import { test } from '../support/store/temporary-folder.js';

test.setTimeout(300_000);

for (const { title, host } of [
  { title: 'eight processes', host: () => [] },
  { title: 'eight processes of different hosts', host: (index: number) => [`host-${index}`] },
])
  test(`${title} that contend for one lease hold it one at a time`, async ({ folder }) => {
    const counter = join(folder, 'counter');
    await writeFile(counter, '0');
    const children = Array.from({ length: 8 }, (_, index) =>
      startChild('child-count.ts', [join(folder, 'store'), counter, '50', ...host(index)]),
    );
    await withChildren(children, async () => {
      const ends = await Promise.all(children.map(async (child) => child.ended()));
      expect(ends).toEqual(children.map(() => 0));
    });
    expect(await readFile(counter, 'utf8')).toBe('400');
    expect(await readdir(join(folder, 'store', 'leases'))).toHaveLength(1);
  });

test('the lease of a process that was killed is free at once', async ({ folder }) => {
  const store = createEncryptedFileStore({ folder, clock: systemClock });
  await withChildren([startChild('child-hold.ts', [folder])], async ([holder]) => {
    expect(await holder!.nextMessage()).toBe('held');
    expect(await store.tryLease('sign-in', 1000)).toBeUndefined();
    holder!.process.kill('SIGKILL');
    await holder!.ended();
    expect(await store.tryLease('sign-in', 1000)).toBeDefined();
  });
});

test('a lease that outlives its holder is held on when the process is killed', async ({ folder }) => {
  const store = createEncryptedFileStore({ folder, clock: systemClock });
  await withChildren([startChild('child-hold.ts', [folder, 'outlives'])], async ([holder]) => {
    expect(await holder!.nextMessage()).toBe('held');
    holder!.process.kill('SIGKILL');
    await holder!.ended();
    expect(await store.tryLease('sign-in', 1000)).toBeUndefined();
  });
});

test('an entry is whole while others write it, and when they are killed doing so', async ({ folder }) => {
  const length = 300_000;
  const store = createEncryptedFileStore({ folder, clock: systemClock });
  for (let round = 0; round < 4; round++) {
    const writers = ['a', 'b', 'c'].map((letter) =>
      startChild('child-put.ts', [folder, letter, String(length)]),
    );
    await withChildren(writers, async () => {
      await Promise.all(writers.map(async (writer) => writer.nextMessage()));
      for (let reading = 0; reading < 50; reading++) expectWhole(await store.get('admin'));
    });
    expectWhole(await store.get('admin'));
  }

  function expectWhole(entry: string | undefined): void {
    expect(entry).toHaveLength(length);
    // Compared as a whole: the writers go on meanwhile, as fast as they can.
    expect(entry === entry?.charAt(0).repeat(length)).toBe(true);
  }
});

test('twenty processes that make the key file at once agree on one key', async ({ folder }) => {
  const stateFolder = join(folder, 'state');
  const children = Array.from({ length: 20 }, () => startChild('child-key.ts', [stateFolder]));
  const ids = await withChildren(children, async () => {
    await Promise.all(children.map(async (child) => child.nextMessage()));
    const startMs = Date.now() + 200;
    for (const child of children) child.process.send(startMs);
    return Promise.all(children.map(async (child) => child.nextMessage()));
  });
  expect(new Set(ids).size).toBe(1);
  expect(ids[0]).toMatch(/^[0-9a-f]{16}$/);
  expect(await readdir(stateFolder)).toEqual(['key']);
});
