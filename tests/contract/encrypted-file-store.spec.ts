import { execFileSync, spawnSync } from 'node:child_process';
import { chmod, mkdir, readFile, readdir, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import type { SessionStore } from '../../src/core/ports.js';
import { currentUser } from '../../src/files/own-path.js';
import { createEncryptedFileStore } from '../../src/store/encrypted-file.js';
import { temporaryName } from '../../src/store/temporary-files.js';
import { nobody } from '../support/other-user.js';
import { createFakeClock } from '../support/store/fake-clock.js';
import { hasFileModes, test } from '../support/store/temporary-folder.js';

const minuteMs = 60_000;

test.describe('entries', () => {
  test('makes its folder on first use, kept out of git, and nothing before', async ({ folder }) => {
    const place = join(folder, 'deep', '.auth-sessions');
    const store = createEncryptedFileStore({ folder: place, clock: createFakeClock() });
    expect(await store.get('admin')).toBeUndefined();
    await store.remove('admin');
    expect(await readdir(folder)).toEqual([]);
    await store.put('admin', 'sealed');
    expect((await readdir(place)).sort()).toEqual(['.gitignore', 'admin.jwe']);
    expect(await readFile(join(place, '.gitignore'), 'utf8')).toBe('*\n');
  });

  test('writes no .gitignore into a folder that was there before', async ({ folder }) => {
    await createEncryptedFileStore({ folder, clock: createFakeClock() }).put('admin', 'sealed');
    expect(await readdir(folder)).toEqual(['admin.jwe']);
  });

  test('lets only this user read what it writes', async ({ folder }) => {
    test.skip(!hasFileModes);
    const place = join(folder, 'store');
    const store = createEncryptedFileStore({ folder: place, clock: createFakeClock() });
    await writeAll();
    const modes = new Set<string>();
    for (const name of await readdir(place, { recursive: true, withFileTypes: true })) {
      const { mode } = await stat(join(name.parentPath, name.name));
      modes.add(`${name.isDirectory() ? 'folder' : 'file'} ${(mode & 0o777).toString(8)}`);
    }
    expect([...modes].sort()).toEqual(['file 600', 'folder 700']);
    expect((await stat(place)).mode & 0o777).toBe(0o700);

    async function writeAll(): Promise<void> {
      const before = process.umask(0);
      try {
        await store.put('admin', 'sealed');
        await store.tryLease('sign-in', 1000);
      } finally {
        process.umask(before);
      }
    }
  });

  test('finds its folder again when the working folder has changed', async ({ folder }) => {
    const before = process.cwd();
    process.chdir(folder);
    try {
      const store = createEncryptedFileStore({ folder: 'store', clock: createFakeClock() });
      process.chdir(before);
      await store.put('admin', 'sealed');
      expect(store.description).toBe('files in store');
      expect(await readdir(join(folder, 'store'))).toContain('admin.jwe');
    } finally {
      process.chdir(before);
    }
  });

  test('neither reads nor writes through a planted link', async ({ folder }) => {
    test.skip(!hasFileModes);
    const store = createEncryptedFileStore({ folder, clock: createFakeClock() });
    const elsewhere = join(folder, 'elsewhere');
    await writeFile(elsewhere, 'mine');
    await symlink(elsewhere, join(folder, 'admin.jwe'));
    expect(await store.get('admin')).toBe('');
    await store.put('admin', 'sealed');
    expect(await store.get('admin')).toBe('sealed');
    expect(await readFile(elsewhere, 'utf8')).toBe('mine');
  });

  test('gives an empty text for what is no regular file, and does not wait for it', async ({ folder }) => {
    const store = createEncryptedFileStore({ folder, clock: createFakeClock() });
    await mkdir(join(folder, 'folder.jwe'));
    expect(await store.get('folder')).toBe('');
    if (hasFileModes) {
      execFileSync('mkfifo', [join(folder, 'pipe.jwe')]);
      expect(await store.get('pipe')).toBe('');
      await store.put('pipe', 'sealed');
      expect(await store.get('pipe')).toBe('sealed');
    }
  });

  test('sweeps what writers of this machine who are dead have left with the next write', async ({
    folder,
  }) => {
    const { pid } = spawnSync(process.execPath, ['-e', '']);
    const own = temporaryName('x');
    for (const name of [own, own.replace(`-${process.pid}.`, `-${pid}.`)])
      await writeFile(join(folder, name), 'half');
    await createEncryptedFileStore({ folder, clock: createFakeClock() }).put('admin', 'sealed');
    expect((await readdir(folder)).sort()).toEqual([own, 'admin.jwe']);
  });

  test('sweeps what writers who were killed elsewhere have left, after an hour', async ({ folder }) => {
    const clock = createFakeClock();
    await mkdir(join(folder, 'leases'));
    for (const name of ['.old.tmp', 'leases/.old.tmp', '.young.tmp', 'notes.tmp'])
      await writeFile(join(folder, name), 'half');
    for (const name of ['.old.tmp', 'leases/.old.tmp', 'notes.tmp'])
      await utimes(join(folder, name), 0, (clock.nowMs() - 61 * minuteMs) / 1000);
    await createEncryptedFileStore({ folder, clock }).tryLease('sign-in', 1000);
    expect((await readdir(folder)).sort()).toEqual(['.young.tmp', 'leases', 'notes.tmp']);
    expect((await readdir(join(folder, 'leases'))).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });
});

test.describe('a folder', () => {
  test.skip(!hasFileModes, 'this system has neither file modes nor user numbers');

  const acts = (store: SessionStore) => [
    async () => store.get('admin'),
    async () => store.put('admin', 'new'),
    async () => store.remove('admin'),
    async () => store.keys(),
    async () => store.tryLease('sign-in', 1000),
  ];

  test('a folder that others can write is not used, and the error says what to do', async ({ folder }) => {
    const place = join(folder, 'store');
    const store = createEncryptedFileStore({ folder: place, shownFolder: 'store', clock: createFakeClock() });
    await store.put('admin', 'old');
    const before = (await readdir(place)).sort();
    for (const mode of [0o777, 0o1777, 0o702, 0o757]) {
      await chmod(place, mode);
      for (const act of acts(store)) {
        const error: unknown = await act().catch((reason: unknown) => reason);
        expect(String(error)).toBe(
          'AuthSessionsError: The folder "store" is not safe to use. Other users of this machine can change it (mode ' +
            `0${(mode & 0o777).toString(8)}). If its contents are yours, run: chmod 700 'store'. Otherwise remove it. ` +
            'If chmod has no effect, the disk does not support file modes: set store.folder to a folder on another ' +
            'disk. [ERR_FOLDER_NOT_PRIVATE]',
        );
      }
    }
    expect((await readdir(place)).sort()).toEqual(before);
    await chmod(place, 0o755);
    expect(await store.get('admin')).toBe('old');
  });

  test("another user's folder is used for nothing", async ({ folder }) => {
    const { uid, gid } = currentUser() ?? nobody;
    const user = { uid: uid + 1, gid };
    const store = createEncryptedFileStore({ folder, user, clock: createFakeClock() });
    for (const act of acts(store)) await expect(act()).rejects.toThrow(/sudo chown .*ERR_FOLDER_NOT_PRIVATE/);
    expect(await readdir(folder)).toEqual([]);
  });

  test('a folder of leases gives no lease if it is a link or others can write it', async ({ folder }) => {
    const store = createEncryptedFileStore({ folder, clock: createFakeClock() });
    await mkdir(join(folder, 'elsewhere'));
    await symlink('elsewhere', join(folder, 'leases'));
    await expect(store.tryLease('sign-in', 1000)).rejects.toThrow(/It is a symbolic link/);
    await rm(join(folder, 'leases'));
    await mkdir(join(folder, 'leases'));
    await chmod(join(folder, 'leases'), 0o777);
    await expect(store.tryLease('sign-in', 1000)).rejects.toMatchObject({ code: 'ERR_FOLDER_NOT_PRIVATE' });
  });

  test('may be a link of this user to another one of this user', async ({ folder }) => {
    await mkdir(join(folder, 'elsewhere'), { mode: 0o700 });
    await symlink('elsewhere', join(folder, 'store'));
    const store = createEncryptedFileStore({ folder: join(folder, 'store'), clock: createFakeClock() });
    await store.put('admin', 'sealed');
    expect(await readdir(join(folder, 'elsewhere'))).toEqual(['admin.jwe']);
    await chmod(join(folder, 'elsewhere'), 0o777);
    await expect(store.get('admin')).rejects.toMatchObject({ code: 'ERR_FOLDER_NOT_PRIVATE' });
  });
});

test.describe('a lease', () => {
  test('is held up by no pipe that has the name of its file', async ({ folder }) => {
    test.skip(!hasFileModes);
    const clock = createFakeClock();
    const store = createEncryptedFileStore({ folder, clock });
    const lease = await store.tryLease('sign-in', 1000);
    await lease?.release();
    const [name = ''] = await readdir(join(folder, 'leases'));
    await rm(join(folder, 'leases', name));
    execFileSync('mkfifo', [join(folder, 'leases', name)]);
    expect(await store.tryLease('sign-in', 1000)).toBeUndefined(); // somebody may be writing it
    clock.advance(31_000);
    expect(await store.tryLease('sign-in', 1000)).toBeDefined();
  });
});

test.describe('failures', () => {
  test('reports why a folder cannot be used, and what to do', async ({ folder }) => {
    const place = join(folder, 'file');
    await writeFile(place, 'not a folder');
    const store = createEncryptedFileStore({ folder: place, clock: createFakeClock() });
    for (const act of [
      async () => store.get('admin'),
      async () => store.put('admin', 'sealed'),
      async () => store.remove('admin'),
      async () => store.tryLease('sign-in', 1000),
    ]) {
      const error: unknown = await act().catch((reason: unknown) => reason);
      expect(error).toMatchObject({ name: 'AuthSessionsError', code: 'ERR_STORE_UNWRITABLE' });
      expect(String(error).replace(/ENOTDIR|EEXIST/, 'ENOTDIR')).toBe(
        `AuthSessionsError: The session store in "${place}" is not writable. A file is where a folder is needed. ` +
          '(ENOTDIR) Fix that, or choose another folder for the session store. Stored sessions were not changed. ' +
          '[ERR_STORE_UNWRITABLE]',
      );
      expect(error).toHaveProperty('cause.syscall');
    }
  });

  test('leaves the old entry as it was when writing fails', async ({ folder }) => {
    const clock = createFakeClock();
    await createEncryptedFileStore({ folder, clock }).put('admin', 'old');
    await mkdir(join(folder, temporaryName('taken')));
    const store = createEncryptedFileStore({ folder, clock, randomId: () => 'taken' });
    await expect(store.put('admin', 'new')).rejects.toMatchObject({ code: 'ERR_STORE_UNWRITABLE' });
    expect(await store.get('admin')).toBe('old');
    expect((await readdir(folder)).sort()).toEqual([temporaryName('taken'), 'admin.jwe']);
  });

  test('leaves nothing half-written when an entry cannot be replaced', async ({ folder }) => {
    const store = createEncryptedFileStore({ folder, clock: createFakeClock() });
    await mkdir(join(folder, 'admin.jwe'));
    await writeFile(join(folder, 'admin.jwe', 'file'), '');
    await expect(store.put('admin', 'new')).rejects.toMatchObject({ code: 'ERR_STORE_UNWRITABLE' });
    await expect(store.remove('admin')).rejects.toMatchObject({ code: 'ERR_STORE_UNWRITABLE' });
    expect(await readdir(folder)).toEqual(['admin.jwe']);
  });
});
