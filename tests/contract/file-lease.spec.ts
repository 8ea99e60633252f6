import { mkdir, readFile, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import { createEncryptedFileStore, type EncryptedFileStoreOptions } from '../../src/store/encrypted-file.js';
import { createFakeClock, type FakeClock } from '../support/store/fake-clock.js';
import { test as base } from '../support/store/temporary-folder.js';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

const test = base.extend<{ clock: FakeClock; open: (options?: Partial<EncryptedFileStoreOptions>) => Store }>(
  {
    clock: async ({}, use) => use(createFakeClock()),
    open: async ({ folder, clock }, use) =>
      use((options = {}) => createEncryptedFileStore({ folder, clock, ...options })),
  },
);
type Store = ReturnType<typeof createEncryptedFileStore>;

const dead = { isProcessAlive: () => false };

test("takes a dead holder's lease at once", async ({ open }) => {
  await open().tryLease('sign-in', hourMs);
  expect(await open().tryLease('sign-in', hourMs)).toBeUndefined();
  expect(await open(dead).tryLease('sign-in', hourMs)).toBeDefined();
});

test('cannot know whether a holder on another host is dead, and waits', async ({ open, clock }) => {
  await open({ host: 'a' }).tryLease('sign-in', hourMs);
  expect(await open({ host: 'b', ...dead }).tryLease('sign-in', hourMs)).toBeUndefined();
  clock.advance(hourMs);
  expect(await open({ host: 'b', ...dead }).tryLease('sign-in', hourMs)).toBeDefined();
});

test('keeps a lease that outlives its holder, for its whole time', async ({ open, clock }) => {
  await open().tryLease('time step', 30_000, { outlivesHolder: true });
  clock.advance(29_999);
  expect(await open(dead).tryLease('time step', 30_000)).toBeUndefined();
  clock.advance(1);
  expect(await open(dead).tryLease('time step', 30_000)).toBeDefined();
});

test('does not hold a lease for hours because a clock was set back', async ({ open, clock }) => {
  await open().tryLease('sign-in', minuteMs);
  clock.advance(-2 * minuteMs);
  expect(await open().tryLease('sign-in', minuteMs)).toBeUndefined();
  clock.advance(-10 * hourMs);
  expect(await open().tryLease('sign-in', minuteMs)).toBeDefined();
});

test('waits for an unreadable lease for half a minute only', async ({ open, clock, folder }) => {
  await open().tryLease('sign-in', hourMs);
  const [file] = await leaseFiles(folder);
  for (const text of ['', '{', 'null', '{"owner":"x"}', '[]']) {
    await writeFile(file!, text);
    await utimes(file!, 0, clock.nowMs() / 1000);
    expect(await open().tryLease('sign-in', hourMs)).toBeUndefined();
  }
  clock.advance(30_001);
  expect(await open().tryLease('sign-in', hourMs)).toBeDefined();
});

test('gets round a folder that has the place of a lease file', async ({ open, clock, folder }) => {
  const lease = await open().tryLease('sign-in', hourMs);
  await lease!.release();
  const [file] = await leaseFiles(folder);
  await rm(file!);
  await mkdir(file!);
  clock.advance(minuteMs);
  expect(await open().tryLease('sign-in', hourMs)).toBeDefined();
  expect(await open().tryLease('sign-in', hourMs)).toBeUndefined();
});

test('gives a lease up when its files are gone', async ({ open, folder }) => {
  const lease = await open().tryLease('sign-in', hourMs);
  await rm(join(folder, 'leases'), { recursive: true });
  expect(await lease!.extend(hourMs)).toBe(false);
  await lease!.release();
  expect(await open().tryLease('sign-in', hourMs)).toBeDefined();
});

test('keeps one small file for each lease, and sweeps it an hour after its end', async ({
  open,
  clock,
  folder,
}) => {
  const store = open();
  for (let round = 0; round < 5; round++) await (await store.tryLease('sign-in', minuteMs))!.release();
  for (let step = 0; step < 5; step++) await store.tryLease(`time step ${step}`, 30_000);
  expect(await leaseFiles(folder)).toHaveLength(6);
  clock.advance(hourMs + minuteMs);
  const lease = await store.tryLease('sign-in', 2 * hourMs);
  expect(await leaseFiles(folder)).toHaveLength(1);
  clock.advance(hourMs + minuteMs);
  await store.tryLease('other', minuteMs);
  expect(await leaseFiles(folder)).toHaveLength(2);
  expect(await lease!.extend(minuteMs)).toBe(true);
});

test('finds a lease taken that was swept meanwhile', async ({ open, clock }) => {
  const late = await open().tryLease('sign-in', minuteMs);
  clock.advance(2 * hourMs);
  await open().tryLease('other', minuteMs);
  expect(await late!.extend(minuteMs)).toBe(false);
  const next = await open().tryLease('sign-in', minuteMs);
  await late!.release();
  expect(await late!.extend(minuteMs)).toBe(false);
  expect(await next!.extend(minuteMs)).toBe(true);
});

test('writes no name of a lease to a file', async ({ open, folder }) => {
  await open().tryLease('account of Ada', hourMs);
  const [file] = await leaseFiles(folder);
  expect(file).not.toContain('Ada');
  expect(await readFile(file!, 'utf8')).not.toContain('Ada');
});

async function leaseFiles(folder: string): Promise<string[]> {
  return (await readdir(join(folder, 'leases'))).map((name) => join(folder, 'leases', name));
}
