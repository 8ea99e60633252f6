import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import { createRunFolder, markLost, removeRunFolder } from '../../src/wire/run-folder.js';
import { hasFileModes, test as base } from '../support/store/temporary-folder.js';

const test = base.extend<{ create: (platform?: NodeJS.Platform) => ReturnType<typeof createRunFolder> }>({
  create: ({ folder }, use) =>
    use((platform = process.platform) =>
      createRunFolder({ platform, runtimeFolder: undefined, temporaryFolders: [folder] }),
    ),
});

test('leads to a broker by a file', ({ create }) => {
  const { handleFile, address, pass, folder } = create('linux');
  expect(JSON.parse(readFileSync(handleFile, 'utf8'))).toEqual({ address, pass });
  expect(address).toBe(join(folder, 's'));
  expect(Buffer.from(pass, 'base64url')).toHaveLength(32);
});

test('is another one each time, with another pass', ({ create }) => {
  const [one, other] = [create(), create()];
  expect(one.folder).not.toBe(other.folder);
  expect(one.pass).not.toBe(other.pass);
});

test('has a named pipe on Windows with a random name', ({ create }) => {
  const addresses = [create('win32'), create('win32')].map(({ address }) => address);
  for (const address of addresses) expect(address).toMatch(/^\\\\\.\\pipe\\auth-sessions-[0-9a-f]{32}$/);
  expect(addresses[0]).not.toBe(addresses[1]);
});

test('has a handle for its user alone, before and after the broker is lost', ({ create }) => {
  test.skip(!hasFileModes, 'there are no file modes');
  const mask = process.umask(0);
  try {
    const { folder, handleFile } = create();
    expect(statSync(handleFile).mode & 0o777).toBe(0o600);
    markLost(handleFile);
    expect(statSync(handleFile).mode & 0o777).toBe(0o600);
    expect(JSON.parse(readFileSync(handleFile, 'utf8'))).toEqual({ lost: true });
    expect(readdirSync(folder).sort()).toEqual(['broker.json', 'owner.json', 't']);
  } finally {
    process.umask(mask);
  }
});

test('goes as a whole', ({ create, folder }) => {
  removeRunFolder(create().folder);
  expect(readdirSync(folder)).toEqual([]);
});
