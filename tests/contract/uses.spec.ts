import { readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import { createEncryptedFileStore } from '../../src/store/encrypted-file.js';
import { createFileUses } from '../../src/store/file-uses.js';
import { createMemoryUses } from '../../src/store/memory-uses.js';
import { createFakeClock, type FakeClock } from '../support/store/fake-clock.js';
import { test, hasFileModes } from '../support/store/temporary-folder.js';
import { testUses } from '../support/store/uses-contract.js';

const ofFiles = (clock: FakeClock, folder: string, own: Partial<Parameters<typeof createFileUses>[0]> = {}) =>
  createFileUses({ clock, folder, store: createEncryptedFileStore({ clock, folder }), ...own });

testUses('uses in memory', ({ clock }) => createMemoryUses({ clock }));

testUses('uses in files', ({ clock, folder }) => ofFiles(clock, join(folder, '.auth-sessions')));

testUses('uses in files, of another host for every call', ({ clock, folder }) => {
  let host = 0;
  const create = () => ofFiles(clock, folder, { host: `host-${host++}` });
  return {
    claim: async (...given) => create().claim(...given),
    extend: async (...given) => create().extend(...given),
    release: async (...given) => create().release(...given),
    read: async (...given) => create().read(...given),
  };
});

const claim = (ticket: string) => ({
  slots: 1,
  ticket,
  holder: { machine: 'm', process: 1 },
  ttlMs: 60_000,
  waitTtlMs: 60_000,
});

test.describe('uses in files', () => {
  test('pass on at once when the worker that holds or waits died on this host', async ({ folder }) => {
    const clock = createFakeClock();
    const dead = new Set<number>();
    const isProcessAlive = (pid: number) => !dead.has(pid);
    const uses = ofFiles(clock, folder, { isProcessAlive });
    await uses.claim('r', { ...claim('holder'), keeper: 101 });
    await uses.claim('r', { ...claim('waiter'), keeper: 102 });
    for (const worker of [101, 102]) dead.add(worker);
    expect(await uses.read('r')).toEqual([]);
    expect(
      await ofFiles(clock, folder, { isProcessAlive, host: 'far' }).claim('r', claim('far')),
    ).toMatchObject({
      position: 2,
    });
    expect(await uses.claim('r', claim('other'))).toMatchObject({ position: 2 });
  });

  test('stay with a worker whose broker was killed', async ({ folder }) => {
    const clock = createFakeClock();
    const brokers = [process.pid];
    const uses = ofFiles(clock, folder, { isProcessAlive: (pid) => !brokers.includes(pid) });
    await uses.claim('r', { ...claim('holder'), keeper: 101 });
    expect(await uses.claim('r', { ...claim('other'), keeper: 102 })).toMatchObject({ position: 1 });
    expect(await uses.claim('r', { ...claim('holder'), keeper: 101, onlySlot: 1 })).toMatchObject({
      slot: 1,
    });
  });

  test('are for this user alone, and leave no file when nobody uses anything', async ({ folder }) => {
    const clock = createFakeClock();
    const uses = ofFiles(clock, folder);
    await uses.claim('r', claim('one'));
    const [name = ''] = await readdir(join(folder, 'uses'));
    if (hasFileModes) {
      expect((await stat(join(folder, 'uses'))).mode & 0o777).toBe(0o700);
      expect((await stat(join(folder, 'uses', name))).mode & 0o777).toBe(0o600);
    }
    await uses.release('r', 'one');
    expect(await readdir(join(folder, 'uses'))).toEqual([]);
  });

  test('are an error when a file is damaged, not free', async ({ folder }) => {
    const clock = createFakeClock();
    const uses = ofFiles(clock, folder);
    await uses.claim('r', claim('one'));
    const [name = ''] = await readdir(join(folder, 'uses'));
    await writeFile(join(folder, 'uses', name), '{"held":[');
    await expect(uses.claim('r', claim('two'))).rejects.toMatchObject({ code: 'ERR_STORE_UNWRITABLE' });
  });
});
