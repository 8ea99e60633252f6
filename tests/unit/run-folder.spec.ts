import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import { createRunFolder, removeRunFolder } from '../../src/broker/run-folder.js';
import { hasFileModes, test as base } from '../support/store/temporary-folder.js';

/** With a folder of the test's own for temporary files. */
const test = base.extend<{ temporary: string }>({
  temporary: [
    async ({ folder }, use) => {
      const names = ['TMPDIR', 'TEMP', 'TMP'];
      const before = names.map((name) => process.env[name]);
      for (const name of names) process.env[name] = folder;
      await use(folder);
      names.forEach((name, index) => {
        if (before[index] === undefined) Reflect.deleteProperty(process.env, name);
        else process.env[name] = before[index];
      });
    },
    { auto: true },
  ],
});

test('leads to a broker by a file', () => {
  const { handleFile, address, secret, folder } = createRunFolder('linux');
  expect(JSON.parse(readFileSync(handleFile, 'utf8'))).toEqual({ address, secret });
  expect(address).toBe(join(folder, 's'));
  expect(Buffer.from(secret, 'base64url')).toHaveLength(32);
});

test('is another one each time, with another secret', () => {
  const [one, other] = [createRunFolder(), createRunFolder()];
  expect(one.folder).not.toBe(other.folder);
  expect(one.secret).not.toBe(other.secret);
});

test('has a named pipe on Windows, whose name nobody can guess', () => {
  const addresses = [createRunFolder('win32'), createRunFolder('win32')].map(({ address }) => address);
  for (const address of addresses) expect(address).toMatch(/^\\\\\.\\pipe\\auth-sessions-[0-9a-f]{32}$/);
  expect(addresses[0]).not.toBe(addresses[1]);
});

test('is for its user alone', () => {
  test.skip(!hasFileModes, 'there are no file modes');
  const mask = process.umask(0);
  try {
    const { folder, temporary, handleFile } = createRunFolder();
    const modes = [folder, temporary, handleFile, join(folder, 'pid')].map(
      (file) => statSync(file).mode & 0o777,
    );
    expect(modes).toEqual([0o700, 0o700, 0o600, 0o600]);
  } finally {
    process.umask(mask);
  }
});

test('has a path that is short enough for a socket', ({ temporary }) => {
  expect(createRunFolder('linux').address.length - temporary.length).toBeLessThan(30);
});

test('goes with all that is in it, and may be gone before', () => {
  const { folder, temporary } = createRunFolder();
  mkdirSync(join(temporary, 'a/b'), { recursive: true });
  writeFileSync(join(temporary, 'a/b/c'), 'x');
  removeRunFolder(folder);
  expect(existsSync(folder)).toBe(false);
  removeRunFolder(folder);
});

test.describe('removes what a killed run has left', () => {
  const deadPid = () => spawnSync(process.execPath, ['-e', '']).pid;

  test('and nothing else', ({ temporary }) => {
    const place = (name: string, pid: string | undefined) => {
      mkdirSync(join(temporary, name));
      if (pid !== undefined) writeFileSync(join(temporary, name, 'pid'), pid);
    };
    place('auth-sessions-dead', String(deadPid()));
    place('auth-sessions-alive', String(process.pid));
    place('auth-sessions-beginning', undefined);
    place('auth-sessions-odd', 'hello');
    place('auth-sessions-group', '0');
    place('auth-sessions-all', '-1');
    place('other-dead', String(deadPid()));
    writeFileSync(join(temporary, 'auth-sessions-file'), 'x');
    const { folder } = createRunFolder();
    expect(existsSync(folder)).toBe(true);
    expect(
      readdirSync(temporary)
        .filter((name) => !folder.endsWith(name))
        .sort(),
    ).toEqual([
      'auth-sessions-alive',
      'auth-sessions-all',
      'auth-sessions-beginning',
      'auth-sessions-file',
      'auth-sessions-group',
      'auth-sessions-odd',
      'other-dead',
    ]);
  });

  test('and does not follow a link', ({ temporary }) => {
    test.skip(!hasFileModes, 'links need rights');
    mkdirSync(join(temporary, 'elsewhere'));
    writeFileSync(join(temporary, 'elsewhere/pid'), String(deadPid()));
    symlinkSync(join(temporary, 'elsewhere'), join(temporary, 'auth-sessions-link'));
    createRunFolder();
    expect(existsSync(join(temporary, 'elsewhere/pid'))).toBe(true);
  });
});
