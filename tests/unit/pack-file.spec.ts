import { randomUUID } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test as base } from '@playwright/test';
import { readPack, writePack, type PackedSession } from '../../src/cli/files/pack-file.js';

const test = base.extend<{ folder: string }>({
  folder: async ({}, use) => {
    const folder = await mkdtemp(path.join(tmpdir(), 'pack-'));
    await use(folder);
    await rm(folder, { recursive: true, force: true });
  },
});

const time = new Date(0).toISOString();
const digest = '0123456789abcdef'.repeat(2);
const packed = (change: Partial<PackedSession> = {}): PackedSession => ({
  name: 'admin',
  key: `admin-${digest}`,
  signedInAt: time,
  expiresAt: time,
  sealed: 'a.b.c.d.e',
  ...change,
});

test('a pack is read as it was written, for this user only, and replaces an earlier one', async ({
  folder,
}) => {
  const file = path.join(folder, 'pack.json');
  await writePack(file, []);
  expect(await readPack(file)).toEqual([]);
  const sessions = [packed(), packed({ name: 'editor', key: `editor-${digest}` })];
  await writePack(file, sessions);
  expect(await readPack(file)).toEqual(sessions);
  if (process.platform !== 'win32') expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect(await readdir(folder)).toEqual(['pack.json']);
});

test('a file that is not a pack is not replaced', async ({ folder }) => {
  for (const text of ['export default {};', '{}', '']) {
    const file = path.join(folder, randomUUID());
    await writeFile(file, text);
    await expect(writePack(file, [packed()])).rejects.toMatchObject({ code: 'ERR_FILE_UNUSABLE' });
    expect(await readFile(file, 'utf8')).toBe(text);
  }
  await expect(writePack(folder, [])).rejects.toMatchObject({ code: 'ERR_FILE_UNUSABLE' });
});

test('keys that are no keys of a session, or that are there twice, make a pack unusable', async ({
  folder,
}) => {
  const file = path.join(folder, 'pack.json');
  for (const sessions of [
    [packed({ key: `../admin-${digest}` })],
    [packed({ name: '../admin', key: `../admin-${digest}` })],
    [packed({ name: '/etc/admin', key: `/etc/admin-${digest}` })],
    [packed({ name: 'a\\b', key: `a\\b-${digest}` })],
    [packed({ key: 'admin' })],
    [packed({ key: '..' })],
    [packed({ key: `editor-${digest}` })],
    [packed(), packed()],
    [packed({ signedInAt: 'soon' })],
    [{ ...packed(), key: 5 }],
    [{ ...packed(), more: true }],
    'all',
  ]) {
    await writeFile(file, JSON.stringify({ format: 'playwright-auth-sessions pack', version: 1, sessions }));
    await expect(readPack(file), JSON.stringify(sessions)).rejects.toMatchObject({
      code: 'ERR_FILE_UNUSABLE',
      message: /damaged/,
    });
  }
});

test('a file that is missing, no pack, of another version or too large says so', async ({ folder }) => {
  const file = path.join(folder, 'pack.json');
  await expect(readPack(file)).rejects.toThrow(/There is no such file/);
  await expect(readPack(folder)).rejects.toMatchObject({ code: 'ERR_FILE_UNUSABLE' });
  await writeFile(file, '{"cookies":[]}');
  await expect(readPack(file)).rejects.toThrow(/not a pack/);
  await writeFile(file, '{"format":"playwright-auth-sessions pack","version":2}');
  await expect(readPack(file)).rejects.toThrow(/newer version/);
  await truncate(file, 257 * 1024 * 1024);
  await expect(readPack(file)).rejects.toThrow(/larger than 256 MiB/);
});
