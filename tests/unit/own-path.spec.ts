import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  linkSync,
  mkdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import { examineFolder } from '../../src/files/folder-safety.js';
import {
  currentUser,
  examinePath,
  othersMayChange,
  readOwnFile,
  whyNotOurs,
} from '../../src/files/own-path.js';
import { canBeAnother, nobody, whySkipped } from '../support/other-user.js';
import { hasFileModes, test } from '../support/store/temporary-folder.js';

test.skip(!hasFileModes, 'this system has neither file modes nor user numbers');

const privateFile = { kind: 'file', access: 'private' } as const;
const unsharedFolder = { kind: 'folder', access: 'unshared' } as const;

test.describe('a file', () => {
  test('is read if it is ours and nobody else can read it', ({ folder }) => {
    const file = join(folder, 'file');
    writeFileSync(file, 'text', { mode: 0o600 });
    expect(readOwnFile(file, { maxBytes: 4 })).toEqual({ text: 'text' });
    expect(examinePath(file, privateFile)).toBeUndefined();
  });

  test('is not read if it belongs to another user', ({ folder }) => {
    const file = join(folder, 'file');
    writeFileSync(file, 'text', { mode: 0o600 });
    const { uid, gid } = statSync(file);
    const user = { uid: uid + 1, gid };
    const why = `It belongs to another user (uid ${uid}).`;
    expect(readOwnFile(file, { maxBytes: 4, user })).toEqual({ why });
    expect(examinePath(file, privateFile, user)).toBe(why);
  });

  test('is not read by root either if it belongs to another user', ({ folder }) => {
    test.skip(!canBeAnother, whySkipped);
    const file = join(folder, 'file');
    writeFileSync(file, 'text', { mode: 0o600 });
    chownSync(file, nobody.uid, nobody.gid);
    expect(readOwnFile(file, { maxBytes: 4 })).toEqual({ why: 'It belongs to another user (uid 65534).' });
  });

  for (const [mode, why] of [
    [0o640, 'Other users of this machine can read it (mode 0640).'],
    [0o604, 'Other users of this machine can read it (mode 0604).'],
    [0o602, 'Other users of this machine can change it (mode 0602).'],
  ] as const)
    test(`with mode ${mode.toString(8)} is not read`, ({ folder }) => {
      const file = join(folder, 'file');
      writeFileSync(file, 'text');
      chmodSync(file, mode);
      expect(readOwnFile(file, { maxBytes: 4 })).toEqual({ why });
    });

  test('is read although others may read it, if the caller allows that', ({ folder }) => {
    const file = join(folder, 'file');
    writeFileSync(file, 'text');
    chmodSync(file, 0o644);
    expect(readOwnFile(file, { maxBytes: 4, access: 'unshared' })).toEqual({ text: 'text' });
  });

  test('is not read if it is too long', ({ folder }) => {
    const file = join(folder, 'file');
    writeFileSync(file, 'texts', { mode: 0o600 });
    expect(readOwnFile(file, { maxBytes: 4 })).toEqual({ why: 'It has more than 4 bytes.' });
  });

  test('is not read through a symbolic link', ({ folder }) => {
    writeFileSync(join(folder, 'file'), 'text', { mode: 0o600 });
    symlinkSync(join(folder, 'file'), join(folder, 'link'));
    expect(readOwnFile(join(folder, 'link'), { maxBytes: 4 })).toEqual({ why: 'It is not a regular file.' });
    expect(examinePath(join(folder, 'link'), privateFile)).toBe('It is a symbolic link.');
  });

  test('is not waited for where a pipe has its name', ({ folder }) => {
    const pipe = join(folder, 'pipe');
    execFileSync('mkfifo', ['-m', '600', pipe]);
    expect(readOwnFile(pipe, { maxBytes: 4 })).toEqual({ why: 'It is not a regular file.' });
  });

  test('is not read where a folder or a socket has its name', async ({ folder }) => {
    mkdirSync(join(folder, 'folder'), { mode: 0o700 });
    const server = createServer().listen(join(folder, 'socket'));
    await new Promise((resolve) => server.once('listening', resolve));
    for (const name of ['folder', 'socket'])
      expect(readOwnFile(join(folder, name), { maxBytes: 4 })).toEqual({ why: 'It is not a regular file.' });
    server.close();
  });

  test('is reported as missing if it does not exist', ({ folder }) => {
    expect(() => readOwnFile(join(folder, 'none'), { maxBytes: 4 })).toThrow(/ENOENT/);
  });

  test('has another name by a hard link and is the same file', ({ folder }) => {
    writeFileSync(join(folder, 'file'), 'text', { mode: 0o600 });
    linkSync(join(folder, 'file'), join(folder, 'name'));
    expect(readOwnFile(join(folder, 'name'), { maxBytes: 4 })).toEqual({ text: 'text' });
  });
});

test('a group of the same number as the user is the user, and no other group is', ({ folder }) => {
  const stats = statSync(folder);
  const withMode = (mode: number, gid: number) =>
    Object.assign(Object.create(Object.getPrototypeOf(stats) as object) as typeof stats, stats, {
      mode: (stats.mode & ~0o777) | mode,
      uid: 1000,
      gid,
    });
  const alice = { uid: 1000, gid: 1000 };
  const onMac = { uid: 1000, gid: 20 };
  expect(othersMayChange(withMode(0o775, 1000), alice)).toBe(false);
  expect(othersMayChange(withMode(0o777, 1000), alice)).toBe(true);
  expect(othersMayChange(withMode(0o775, 100), alice)).toBe(true);
  expect(othersMayChange(withMode(0o775, 20), onMac)).toBe(true);
  expect(whyNotOurs(withMode(0o775, 1000), unsharedFolder, alice)).toBeUndefined();
  expect(whyNotOurs(withMode(0o775, 100), unsharedFolder, alice)).toBe(
    'Other users of this machine can change it (mode 0775).',
  );
});

test.describe('a place', () => {
  const make = (folder: string, mode: number) => {
    mkdirSync(folder);
    chmodSync(folder, mode);
    return folder;
  };

  test('is own if it is ours', ({ folder }) => {
    expect(examineFolder(make(join(folder, 'own'), 0o755))).toEqual({ kind: 'own' });
  });

  test('with the sticky bit is shared, and without it unsafe', ({ folder }) => {
    expect(examineFolder(make(join(folder, 'sticky'), 0o1777))).toEqual({ kind: 'shared' });
    expect(examineFolder(make(join(folder, 'open'), 0o777))).toEqual({
      kind: 'unsafe',
      why: 'Other users of this machine can rename files in it.',
    });
  });

  test('below one that others may change is unsafe', ({ folder }) => {
    const open = make(join(folder, 'open'), 0o777);
    const { kind } = examineFolder(make(join(open, 'own'), 0o700));
    expect(kind).toBe('unsafe');
  });

  test('is own if it is ours in a sticky one', ({ folder }) => {
    const sticky = make(join(folder, 'sticky'), 0o1777);
    expect(examineFolder(make(join(sticky, 'own'), 0o700))).toEqual({ kind: 'own' });
  });

  test('is the one that a link leads to', ({ folder }) => {
    symlinkSync(make(join(folder, 'open'), 0o777), join(folder, 'link'));
    expect(examineFolder(join(folder, 'link'))).toMatchObject({ kind: 'unsafe' });
  });

  test('is unsafe if it belongs to another user, sticky or not, and so is everything below it', ({
    folder,
  }) => {
    test.skip(!canBeAnother, whySkipped);
    const theirs = make(join(folder, 'theirs'), 0o1777);
    const ours = make(join(theirs, 'ours'), 0o700);
    chownSync(theirs, nobody.uid, nobody.gid);
    for (const place of [theirs, ours]) expect(examineFolder(place)).toMatchObject({ kind: 'unsafe' });
  });

  test('is checked as the user who asks', ({ folder }) => {
    const { uid, gid } = currentUser() ?? nobody;
    expect(examineFolder(make(join(folder, 'own'), 0o755), { uid: uid + 1, gid })).toMatchObject({
      kind: 'unsafe',
    });
    rmSync(join(folder, 'own'), { recursive: true });
  });
});
